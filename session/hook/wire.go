package hook

import (
	"bytes"
	"errors"
	"strconv"
)

const (
	maxMessage = 4 << 20 // bytes; a line that long is denied anyway
	maxFields  = 8
)

var errWire = errors.New("hook: message out of form")

// decoder cuts the stream of one sender into messages.
type decoder struct{ buf []byte }

// feed adds bytes and returns the messages that are now whole. An error means
// that the stream can't be understood any more; the decoder is then empty.
func (d *decoder) feed(p []byte) ([][]string, error) {
	d.buf = append(d.buf, p...)
	var out [][]string
	for {
		m, n, err := cut(d.buf)
		if err != nil {
			d.buf = nil
			return out, err
		}
		if n == 0 {
			return out, nil
		}
		out = append(out, m)
		d.buf = append(d.buf[:0], d.buf[n:]...)
	}
}

// cut takes one message from the start of b; n is its length, 0 if it is not
// yet whole.
func cut(b []byte) (m []string, n int, err error) {
	end := bytes.IndexByte(b, 0)
	if end < 0 {
		if len(b) > 4 {
			return nil, 0, errWire
		}
		return nil, 0, nil
	}
	count, err := strconv.Atoi(string(b[:end]))
	if err != nil || count < 1 || count > maxFields {
		return nil, 0, errWire
	}
	at := end + 1
	for range count {
		end := bytes.IndexByte(b[at:], 0)
		if end < 0 {
			if len(b) > maxMessage {
				return nil, 0, errWire
			}
			return nil, 0, nil
		}
		m = append(m, string(b[at:at+end]))
		at += end + 1
	}
	return m, at, nil
}
