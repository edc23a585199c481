//go:build !linux

package bypass

import "context"

// Run says that there is nothing to try: sessions are held on Linux only.
func Run(_ context.Context, _ string, c Case) (Result, error) {
	return Result{Case: c, NotRun: "needs Linux"}, nil
}
