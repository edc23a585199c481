package shell

import (
	"compress/bzip2"
	"compress/gzip"
	"compress/zlib"
	"encoding/hex"
	"io"
	"strconv"
	"strings"

	"escort/explain/coding"
)

func unpackText(unpack func(io.Reader) (io.Reader, error), flag string) func([]string, *string) (string, string, bool) {
	return func(args []string, in *string) (string, string, bool) {
		found := flag == ""
		for _, a := range args {
			switch {
			case a == "-":
			case strings.HasPrefix(a, "--"):
				found = found || a == "--decompress" || a == "--uncompress"
			case strings.HasPrefix(a, "-"):
				found = found || strings.Contains(a, flag)
			default:
				return "", "", false
			}
		}
		if in == nil || !found {
			return "", "", false
		}
		r, err := unpack(strings.NewReader(*in))
		if err != nil {
			return "", "", false
		}
		out, err := io.ReadAll(io.LimitReader(r, maxOutput+1))
		return string(out), HowBase64, len(out) > 0 && (err == nil || err == io.ErrUnexpectedEOF)
	}
}

func unzip(r io.Reader) (io.Reader, error)  { return gzip.NewReader(r) }
func unbzip(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }
func unzlib(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) }

// basencText is base64 and its like by one name.
func basencText(args []string, in *string) (string, string, bool) {
	kind := ""
	var rest []string
	for _, a := range args {
		if strings.HasPrefix(a, "--base") || a == "--z85" {
			kind = a
		} else {
			rest = append(rest, a)
		}
	}
	decode, ok := decodes(rest)
	if in == nil || !ok || !decode {
		return "", "", false
	}
	switch kind {
	case "--base64", "--base64url":
		return decoded(*in, coding.Base64)
	case "--base32":
		return decoded(*in, coding.Base32)
	case "--base16":
		return decoded(*in, hex.DecodeString)
	case "--base2msbf":
		return decoded(*in, bits)
	}
	return "", HowBase64, false
}

func bits(s string) ([]byte, error) {
	out := make([]byte, 0, len(s)/8)
	for len(s) >= 8 {
		n, err := strconv.ParseUint(s[:8], 2, 8)
		if err != nil {
			return nil, err
		}
		out, s = append(out, byte(n)), s[8:]
	}
	return out, nil
}

// iconvText makes text of the letters of two bytes that Windows uses.
func iconvText(args []string, in *string) (string, string, bool) {
	from := strings.ToUpper(strings.Join(args, " "))
	if in == nil || !strings.Contains(from, "UTF-16LE") && !strings.Contains(from, "UTF16LE") && !strings.Contains(from, "UCS-2LE") || strings.Contains(from, "-T UTF-16") {
		return "", "", false
	}
	return coding.UTF16(*in), HowBase64, true
}
