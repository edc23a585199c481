package command

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	"escort/session/policy"
	"escort/session/record"

	"github.com/spf13/cobra"
)

// Serve keeps the front door open until ctx ends.
type Serve func(ctx context.Context, d Door) error

// peopleFile is the name of the file of people, beside the policy.
const peopleFile = "people"

// Door is what escort serve was asked to open.
type Door struct {
	Listen, HostKey, People string
	Session                 // what its sessions have in common
}

func (t *tree) serve() *cobra.Command {
	var d Door
	var policyFile string
	c := &cobra.Command{
		Use:   "serve",
		Short: "the SSH front door: engineers and escorts connect with any ssh client, roles by key",
		Long: "Opens a port for SSH. Engineers get a supervised shell under their own account, escorts the console; who is what stands in the file of people, " +
			"in the manner of authorized_keys. Everything else that SSH can do is refused with words. As root, each engineer's shell is the engineer's own account.",
		Example: "escort serve --listen :2222 --people /etc/escort/people\nssh -p 2222 engineer@host   # an engineer\nssh -A -p 2222 escort@host  # an escort, whose agent signs",
		Args:    cobra.NoArgs,
	}
	c.Flags().StringVar(&d.Listen, "listen", ":2222", "address and port")
	c.Flags().StringVar(&d.People, "people", "", "file of people (default: people beside the policy)")
	c.Flags().StringVar(&d.HostKey, "host-key", "", "private key of this host, made where it is missing (default: host_key in the state folder)")
	c.Flags().StringVar(&policyFile, "policy", "", "policy file, in place of this account's own (see escort policy)")
	c.Flags().BoolVar(&d.UserRC, "user-rc", false, "let shells read the engineers' own start files")
	c.Flags().BoolVar(&d.AllowNoScopes, "allow-no-scopes", false, "relaxed: start where the kernel cannot keep root from the session's listener")
	onHoldFlag(c, &d.OnHold)
	_ = c.MarkFlagFilename("people")
	_ = c.MarkFlagFilename("host-key")
	c.RunE = t.run(func(cmd *cobra.Command, _ []string) error {
		if runtime.GOOS != "linux" || t.tools.Serve == nil {
			return &Error{Code: Unable, Err: errors.New("sessions can be held on Linux only"), Hint: "run it on the Linux host itself"}
		}
		if err := t.prepareDoor(&d, policyFile); err != nil {
			return err
		}
		ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT)
		defer stop()
		return t.tools.Serve(ctx, d)
	})
	return c
}

// prepareDoor fills in what the flags leave open.
func (t *tree) prepareDoor(d *Door, policyFile string) (err error) {
	if d.StateRoot, err = record.StateRoot(t.Getenv); err != nil {
		return err
	}
	if d.Policy, err = policy.Load(policyPlaces(t.Getenv, policyFile)); err != nil {
		return err
	}
	if d.HostKey == "" {
		d.HostKey = filepath.Join(d.StateRoot, "host_key")
	}
	if d.People == "" {
		d.People = filepath.Join(filepath.Dir(policy.SystemFile), peopleFile)
		if own := record.UserFolder(t.Getenv, "XDG_CONFIG_HOME", ".config"); os.Geteuid() != 0 && own != "" {
			d.People = filepath.Join(own, peopleFile)
		}
	}
	d.Out = t.Out
	return nil
}
