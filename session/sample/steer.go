package sample

import (
	"errors"
	"fmt"
	"time"
)

// The bytes that steer a play from the session's terminal.
const (
	keyNext   = ' '
	keyEnter  = '\r'
	keyPause  = 'p'
	keyQuit   = 'q'
	keyBreak  = 0x03
	keyESC    = 0x1b
	keyBack   = 'b'
	keyFaster = '+'
	keySlower = '-'
	keyDelete = 0x7f
	keyErase  = 0x08
)

// Steering says what the keys of a play do while no card is shown.
const Steering = "space next step · p pause · + - speed · b back · 1-9 to a step · q quit"

// errJump means: another step is to be played.
var errJump = errors.New("on to another step")

// Input takes keys: space or Enter goes on at once, p pauses, q ends the play;
// but in a lesson, plus and minus change the pace, b goes back a step, and a
// number goes to one, or votes. There is no engineer's program that could take
// any other.
func (p *Play) Input(keys []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, k := range keys {
		var err error
		switch k {
		case keyESC:
			return nil // the rest is the name of a key
		case keyNext, keyEnter:
			// Space is pressed in a row to get on: it must not end a vote.
			p.skip = p.open == nil && !p.frozen && (k == keyEnter || !p.voting)
		case keyPause:
			p.paused = !p.paused
			err = p.say(pauseWord[p.paused])
		case keyQuit, keyBreak:
			p.reason = "the escort left the sample"
			p.cancel()
		default:
			err = p.present(k)
		}
		if err != nil {
			return err
		}
	}
	p.poke()
	return nil
}

var pauseWord = map[bool]string{true: "paused", false: "going on"}

// The slowest and the fastest pace that keys lead to.
const (
	slowest = 8 * DefaultPace
	fastest = DefaultPace / 16
)

// present takes a presenter's key. Needs mu.
func (p *Play) present(k byte) error {
	switch number := int(k) - '0'; {
	case p.opt.Lesson || p.open != nil:
		return nil
	case p.voting && number >= 1 && number <= levels:
		p.votes[number-1]++
		return p.count()
	case p.voting && (k == keyDelete || k == keyErase):
		p.votes = [levels]int{}
		return p.count()
	case p.voting:
	case number >= 1 && number <= min(9, len(p.sample.Steps)):
		p.jump = number
	case k == keyBack:
		p.jump = max(p.at-1, 1)
	case k == keyFaster:
		p.pace = max(p.pace/2, min(fastest, p.pace))
		return p.say(fmt.Sprintf("a step every %s", p.pace.Round(time.Millisecond)))
	case k == keySlower:
		p.pace = min(2*p.pace, max(slowest, p.pace))
		return p.say(fmt.Sprintf("a step every %s", p.pace.Round(time.Millisecond)))
	}
	return nil
}
