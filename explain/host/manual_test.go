package host

import (
	"bytes"
	"compress/gzip"
	"os"
	"strings"
	"testing"

	"escort/explain/effect"
	"github.com/google/go-cmp/cmp"
)

const manPage = `.\" a comment
.TH FROB 1
.SH NAME
frob \- turn \fIthings\fR round
.de XX
hidden
..
.SH OPTIONS
.TP
\fB\-a\fR, \fB\-\-all\fR
take \(lqall\(rq of them,
even \fI.dot\fP ones
.PP
.BR frob (1)
is small.
.if n \{
hidden too
.\}
.nf
line  one
line two
.fi
`

const manText = `
NAME
    frob - turn things round

OPTIONS
    -a, --all
        take "all" of them, even .dot ones
    frob(1) is small.
    line  one
    line two
`

func TestRenderMan(t *testing.T) {
	if diff := cmp.Diff(manText, renderRoff([]byte(manPage))); diff != "" {
		t.Error(diff)
	}
}

func TestRenderMdoc(t *testing.T) {
	got := renderRoff([]byte(".Dd today\n.Sh NAME\n.Nm frob\n.Nd turn things\n.Sh OPTIONS\n.Bl -tag\n.It Fl a Ar file\nRead\n.Pa /etc/x .\n.Nm\n.Op Fl v\n.El\n"))
	want := "\nNAME\n    frob - turn things\n\nOPTIONS\n    -a file\n        Read /etc/x. frob [-v]\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestRenderOptions: whichever way a page writes an option, what it means ends
// up indented below it.
func TestRenderOptions(t *testing.T) {
	for name, tc := range map[string]struct{ page, want string }{
		"tag":           {".TP\n.BR \\-a \", \" \\-\\-all\nTake all.\n", "    -a, --all\n        Take all.\n"},
		"two tags":      {".TP\n\\-a\n.TQ\n\\-\\-all\nTake all.\n", "    -a\n    --all\n        Take all.\n"},
		"indented":      {".PP\n\\-a\n.RS 4\nTake all.\n.RE\n", "    -a\n        Take all.\n"},
		"by a space":    {".PP\n\\fB-a\\fP=false\n    Take all,\nreally.\n\n.PP\nNext\n", "    -a=false\n        Take all, really.\n    Next\n"},
		"by a tab":      {".PP\n\\fB-a\\fP\n\tTake all.\n", "    -a\n        Take all.\n"},
		"marked":        {".IP \"\\[ci]\" 4\n\\-\\-all:\n.IP\nTake all.\n", "    --all:\n        Take all.\n"},
		"mdoc":          {".Bl -tag\n.It Fl a , Fl Fl all Ns = Ns Ar n\nTake all.\n.El\n", "    -a, --all=n\n        Take all.\n"},
		"mdoc, long":    {".Bl -tag\n.It Xo\n.Fl a\n.Ar file\n.Xc\nTake all.\n.It Fl b\nBe brief.\n.El\n", "    -a file\n        Take all.\n    -b\n        Be brief.\n"},
		"kept as it is": {".nf\n  -a, --all    take all\n.fi\n", "      -a, --all    take all\n"},
	} {
		if diff := cmp.Diff(tc.want, renderRoff([]byte(tc.page))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestManual(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root: only pages that root owns are quoted")
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(manPage)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var bomb bytes.Buffer
	z = gzip.NewWriter(&bomb)
	if _, err := z.Write(make([]byte, maxPage+1)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	man := "usr/share/man/"
	root := tree(t, map[string]string{
		man + "man1/frob.1.gz": packed.String(), man + "man8/alias.8": ".so man1/frob.1\n", man + "man1/self.1": ".so man1/self.1\n",
		man + "man1/bomb.1.gz": bomb.String(), man + "man1/open.1": manPage, man + "man5/out.5": ".so ../../../etc/shadow\n",
		"etc/shadow": "secret", man + "man1/broken.1.gz": "no gzip",
	})
	chmod(t, root, man+"man1/open.1", 0o666)
	w := New(Options{Root: root})
	section := map[string]string{"frob": "(1)\n", "alias": "(8)\n"}
	for name, want := range map[string]string{
		"frob": "", "alias": "", "self": "unknown", "bomb": "unknown", "open": "unknown", "broken": "unknown", "none": "absent",
		"out": "absent",
	} {
		text, err := w.Lookup(t.Context(), effect.LookupManual, name)
		if kindOf(err) != want || want == "" && text != name+section[name]+manText || strings.Contains(text, "secret") {
			t.Errorf("%s: %q, %v; want %q", name, text, err, want)
		}
	}
}

func FuzzRenderRoff(f *testing.F) {
	f.Add([]byte(manPage))
	f.Add([]byte(`\*[ \(x \f \[u110000] \s+ \h'` + "\n.It Fl\n.Nm\n.Xr a\n.IP \"\\"))
	f.Fuzz(func(t *testing.T, page []byte) {
		if out := renderRoff(page); len(out) > 100+20*len(page) {
			t.Errorf("%d bytes became %d", len(page), len(out))
		}
	})
}
