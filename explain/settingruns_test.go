package explain

import "testing"

// What stands in a setting and is read for another reason too is granted once.
func TestACommandInASettingCountsOnce(t *testing.T) {
	for _, text := range []string{
		"git -c alias.x='!id -u' x", "git -c alias.x='!id' x -u", "git -c core.pager='id -u' log", "sed '1e id -u' f", "sed -e 's/a/b/;e id -u' f", "sed 's/a/id -u/e' f",
	} {
		n := 0
		for _, s := range line(t, text, Nowhere).Plan.Starts {
			if len(s.Argv) == 2 && *s.Argv[0] == "id" {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s: id is planned %d times", text, n)
		}
	}
}
