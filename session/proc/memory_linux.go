package proc

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"
)

// pageSize is the step of reading: a page is mapped as a whole or not at all.
// A machine with larger pages is read in several steps.
const pageSize = 4096

// Memory reads the memory of one thread's process. It keeps the pages it has
// seen, so that what it returns is one picture, and so that the many strings of
// an environment cost few system calls. It is not for concurrent use.
type Memory struct {
	tid   int
	pages map[uint64][]byte
	left  int // bytes that Vector may still return
}

// NewMemory returns a reader of the memory of tid. Words read by it are
// limited to [MaxAll] bytes together.
func NewMemory(tid int) *Memory {
	return &Memory{tid: tid, pages: map[uint64][]byte{}, left: MaxAll}
}

// page returns the page that addr is in, from addr to the page's end.
func (m *Memory) page(addr uint64) ([]byte, error) {
	base := addr &^ (pageSize - 1)
	p, ok := m.pages[base]
	if !ok {
		p = make([]byte, pageSize)
		if err := m.fill(base, p); err != nil {
			return nil, err
		}
		m.pages[base] = p
	}
	return p[addr-base:], nil
}

func (m *Memory) fill(base uint64, p []byte) error {
	for {
		local := []unix.Iovec{{Base: &p[0]}}
		local[0].SetLen(len(p))
		remote := []unix.RemoteIovec{{Base: uintptr(base), Len: len(p)}}
		n, err := unix.ProcessVMReadv(m.tid, local, remote, 0)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return wrap("reading memory", err)
		case n != len(p):
			return fmt.Errorf("reading memory: %w", ErrFault)
		}
		return nil
	}
}

// String returns the string that ends with a zero byte at addr, of at most
// limit bytes without that.
func (m *Memory) String(addr uint64, limit int) (string, error) {
	var s []byte
	for {
		p, err := m.page(addr)
		if err != nil {
			return "", err
		}
		end := bytes.IndexByte(p, 0)
		part := p
		if end >= 0 {
			part = p[:end]
		}
		if len(s)+len(part) > limit {
			return "", ErrTooLong
		}
		s = append(s, part...)
		if end >= 0 {
			return string(s), nil
		}
		next := addr + uint64(len(p))
		if next < addr {
			return "", ErrFault
		}
		addr = next
	}
}

// Vector returns the strings of an array of pointers that ends with a zero
// pointer, such as argv. An array at address 0 is empty, as for execve(2).
func (m *Memory) Vector(addr uint64) ([]string, error) {
	if addr == 0 {
		return nil, nil
	}
	var words []string
	for i := uint64(0); i < maxWords; i++ {
		p, err := m.word(addr + 8*i)
		if err != nil {
			return nil, err
		}
		if p == 0 {
			return words, nil
		}
		s, err := m.String(p, MaxString-1)
		if err != nil {
			return nil, err
		}
		if m.left -= len(s) + 1 + 8; m.left < 0 {
			return nil, ErrTooLong
		}
		words = append(words, s)
	}
	return nil, ErrTooLong
}

// word reads the 64-bit word at addr, which may lie across two pages.
func (m *Memory) word(addr uint64) (uint64, error) {
	var b [8]byte
	p, err := m.page(addr)
	if err != nil {
		return 0, err
	}
	if n := copy(b[:], p); n < len(b) {
		if p, err = m.page(addr + uint64(n)); err != nil {
			return 0, err
		}
		copy(b[n:], p)
	}
	return binary.LittleEndian.Uint64(b[:]), nil
}

// Bytes returns the n bytes at addr; n is at most [MaxString].
func (m *Memory) Bytes(addr uint64, n int) ([]byte, error) {
	if n < 0 || n > MaxString {
		return nil, ErrTooLong
	}
	out := make([]byte, 0, n)
	for len(out) < n {
		p, err := m.page(addr)
		if err != nil {
			return nil, err
		}
		p = p[:min(len(p), n-len(out))]
		out = append(out, p...)
		next := addr + uint64(len(p))
		if next < addr {
			return nil, ErrFault
		}
		addr = next
	}
	return out, nil
}
