package theme

import (
	"fmt"
	"image/color"
	"math"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// backs are the backgrounds that a theme for dark or for light ones must work
// on.
var backs = map[bool][]string{false: {"#000000", "#1e1e1e", "#2b2b2b"}, true: {"#ffffff", "#fdf6e3", "#f0f0f0"}}

func luminance(c string) float64 {
	var v [3]int
	fmt.Sscanf(c, "#%02x%02x%02x", &v[0], &v[1], &v[2])
	sum := 0.0
	for i, w := range []float64{0.2126, 0.7152, 0.0722} {
		x := float64(v[i]) / 255
		if x <= 0.04045 {
			x /= 12.92
		} else {
			x = math.Pow((x+0.055)/1.055, 2.4)
		}
		sum += w * x
	}
	return sum
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// of256 is what a terminal of 256 colours makes of one.
func of256(c string) string {
	var v [3]uint8
	fmt.Sscanf(c, "#%02x%02x%02x", &v[0], &v[1], &v[2])
	r, g, b, _ := ansi.Convert256(color.RGBA{v[0], v[1], v[2], 255}).RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

// Every colour of a theme that names colours stands out from what is behind it.
func TestContrast(t *testing.T) {
	var names []string
	checked := 0
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		if names == nil {
			names = f
			continue
		}
		for i, cell := range f[1:] {
			name := names[i+1]
			_, colour, _ := strings.Cut("b,"+cell, "#")
			if !strings.Contains(cell, "#") {
				continue
			}
			ink, paper, own := strings.Cut("#"+colour, "/")
			papers := backs[strings.HasSuffix(name, "light")]
			if own {
				papers = []string{paper}
			}
			least := 4.5
			if name == "contrast" || name == "projector" {
				least = 7
			}
			for _, p := range papers {
				checked++
				if c := contrast(ink, p); c < least {
					t.Errorf("%s in %s: %s on %s is %.1f to 1", f[0], name, ink, p, c)
				}
				if own {
					p = of256(p)
				}
				if c := contrast(of256(ink), p); c < least {
					t.Errorf("%s in %s of 256 colours: %s on %s is %.1f to 1", f[0], name, of256(ink), p, c)
				}
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d pairs were checked", checked)
	}
}

func TestNamed(t *testing.T) {
	for _, n := range Names {
		for _, light := range []bool{false, true} {
			th, ok := Named(n, true, light)
			if !ok || th.inks == nil {
				t.Errorf("%s on light %v: %v", n, light, ok)
			}
		}
	}
	if _, ok := Named("pink", true, false); ok {
		t.Error("pink is a theme")
	}
	risk := func(th Theme) string { return th.Render(Line{Own(RiskHigh, "x")}, 1) }
	unknown, _ := Named(Auto, false, false)
	if risk(unknown) != risk(Theme{}) || risk(unknown) != "\x1b[1;31mx\x1b[m" {
		t.Errorf("%q", risk(unknown))
	}
	light, _ := Named(Auto, true, true)
	if risk(light) != "\x1b[1;38;2;176;0;32mx\x1b[m" {
		t.Errorf("%q", risk(light))
	}
}

func TestTheTableSaysWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"token a\nplain - -\n":    "3 columns of 2",
		"token a\nnone -\n":       "is no token",
		"token a\nplain #12\n":    "is no colour",
		"token a\nplain b,pink\n": "is no colour",
	} {
		if _, err := readTable(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
