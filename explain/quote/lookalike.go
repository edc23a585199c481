package quote

// alike pairs each ASCII character with the runes that are taken for it.
var alike = map[string]string{
	"a": "аɑαａ", "b": "Ьｂᖯ", "c": "сϲⅽｃᴄ", "d": "ԁⅾｄ", "e": "еｅҽ", "f": "ｆẝſ", "g": "ɡｇց", "h": "һհｈ",
	"i": "іıⅰｉɩι", "j": "јϳｊ", "k": "ｋκк", "l": "ӏⅼｌǀ", "m": "ⅿｍм", "n": "ոｎп", "o": "оοօσｏჿ", "p": "рρｐ",
	"q": "ԛｑ", "r": "ｒгᴦ", "s": "ѕｓꜱ", "t": "ｔтτ", "u": "υսｕᴜ", "v": "νѵⅴｖᴠ", "w": "ԝｗᴡѡ", "x": "хⅹｘχ",
	"y": "уｙүγ", "z": "ｚᴢ",
	"A": "АΑＡᎪ", "B": "ВΒＢᏴ", "C": "СϹⅭＣᏟ", "D": "ⅮＤᎠ", "E": "ЕΕＥᎬ", "F": "ϜＦ", "G": "ԌＧᏀ", "H": "НΗＨᎻ",
	"I": "ІΙⅠＩӀ", "J": "ЈＪᎫ", "K": "КΚＫᏦ", "L": "ⅬＬᏞ", "M": "МΜⅯＭᎷ", "N": "ΝＮ", "O": "ОΟՕＯ", "P": "РΡＰᏢ",
	"Q": "ԚＱ", "R": "ＲᏒ", "S": "ЅՏＳᏚ", "T": "ТΤＴᎢ", "U": "ՍＵ", "V": "ⅤѴＶᏙ", "W": "ԜＷᎳ", "X": "ХΧⅩＸ",
	"Y": "ΥҮＹ", "Z": "ΖＺᏃ",
	"0": "０", "1": "１", "2": "２", "3": "３З", "4": "４", "5": "５", "6": "６б", "7": "７", "8": "８", "9": "９",
	"-": "‐‑‒–—―−﹘﹣－⁃˗ー", "_": "＿ˍ", ".": "․．。", ",": "‚，", ":": "։׃∶꞉：", ";": "\u037e；", "!": "ǃ！", "?": "？",
	"/": "⁄∕⧸／╱", "\\": "∖⧵﹨＼", "|": "∣│｜❘￨", "&": "＆﹠", "*": "∗＊⁎﹡", "$": "＄﹩", "#": "＃﹟", "%": "％﹪",
	"@": "＠﹫", "=": "＝﹦꞊", "+": "＋﹢", "~": "～∼˜", "^": "＾ˆ", "<": "＜‹﹤", ">": "＞›﹥", "(": "（❨", ")": "）❩",
	"[": "［", "]": "］", "{": "｛❴", "}": "｝❵", "'": "‘’‛′＇ʼˈ", "\"": "“”‟″＂„", "`": "‵｀ˋ\u1fef",
}

var lookTable = func() map[rune]string {
	t := make(map[rune]string, 400)
	for ascii, runes := range alike {
		for _, r := range runes {
			t[r] = ascii
		}
	}
	return t
}()

// LooksLike is the ASCII character that r is easily taken for; empty if there
// is none.
func LooksLike(r rune) string {
	switch {
	case r < 0x80:
		return ""
	case r >= 0x1d400 && r <= 0x1d6a3: // mathematical alphabets, capitals first
		if at := int(r-0x1d400) % 52; at < 26 {
			return string(rune('A' + at))
		} else {
			return string(rune('a' + at - 26))
		}
	case r >= 0x1d7ce && r <= 0x1d7ff:
		return string(rune('0' + int(r-0x1d7ce)%10))
	case oddSpace(r):
		return " "
	}
	return lookTable[r]
}
