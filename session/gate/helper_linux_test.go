package gate

// helpers are what the test binary does when it runs inside a session.
var helpers = map[string]func() int{}
