package command

import "os/user"

// accountName is the name of the account that escort runs as; where the
// system does not know it, what the environment says, and empty where that is
// silent too.
func accountName(getenv func(string) string) string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return getenv("USER")
}
