package gate

import (
	"os/user"
	"strconv"
	"sync"
)

// homes remembers the home folder of an account: asked at every start below
// sudo, and it does not change while a session lasts.
var homes sync.Map // uid -> string

// plainHome: the account's own home folder, as sudo and su set it.
func plainHome(value string, uid int) bool {
	home, ok := homes.Load(uid)
	if !ok {
		u, err := user.LookupId(strconv.Itoa(uid))
		if err != nil {
			return false
		}
		home, _ = homes.LoadOrStore(uid, u.HomeDir)
	}
	return value != "" && value == home
}
