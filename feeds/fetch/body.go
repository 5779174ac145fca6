package fetch

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// defaultMaxBytes bounds a body where the source says nothing.
const defaultMaxBytes = 8 << 20

// leastSpeed is the slowest body that is waited for, in bytes per second.
const leastSpeed = 1 << 10

var (
	errBlank = errors.New("empty body: nothing was taken over; open the address in a browser if it stays")
	errTwice = errors.New("the body is gzip that the answer does not declare: its server packs it twice, or the address is of a .gz file")
)

// readBody reads the whole body, unpacked, at most the source's limit of it (0: 8 MiB), and gives up on one that
// drips. Nothing of a body that is not whole is returned. leave gives back the room that the body takes.
func (c *Client) readBody(ctx context.Context, t *trip, resp *http.Response, give context.CancelCauseFunc) (body []byte, leave func(), err error) {
	limit := t.source.MaxBytes
	if limit <= 0 {
		limit = defaultMaxBytes
	}
	leave = func() {} // until there is something to give back
	counted := &counter{reader: resp.Body}
	unwatch := counted.watch(c.timeouts.Slow, give)
	defer func() { unwatch() }()
	// The packed bytes are capped too: a stream of empty gzip members has no end and unpacks to nothing.
	unpacked, err := unpack(&capped{reader: counted, left: limit, limit: limit}, resp.Header)
	if err != nil {
		return nil, leave, err
	}
	body, err = readAll(&capped{reader: unpacked, left: limit, limit: limit}, min(c.room.share(limit), declared(resp)), func() error {
		unwatch()
		t.total.stop()
		given, err := c.room.enter(ctx, limit)
		t.total.start()
		unwatch = counted.watch(c.timeouts.Slow, give)
		if err == nil {
			leave = given
		}
		return err
	})
	if err == nil {
		err = bodyFault(body)
	}
	if err != nil {
		leave()
		return nil, func() {}, err
	}
	return body, leave, nil
}

// declared returns how long the body is that the answer declares; one that is packed or chunked may have any length.
func declared(resp *http.Response) int64 {
	if resp.ContentLength < 0 || resp.Header.Get("Content-Encoding") != "" {
		return math.MaxInt64
	}
	return resp.ContentLength
}

// readAll reads r to its end. What is longer than freeBytes is read once enter has let it: from then on it has one buffer
// for length bytes, because one that grows is held twice while it does.
func readAll(r io.Reader, length int64, enter func() error) ([]byte, error) {
	head, err := io.ReadAll(io.LimitReader(r, freeBytes))
	if err != nil || len(head) < freeBytes {
		return head, err
	}
	if err := enter(); err != nil {
		return nil, err
	}
	body := bytes.NewBuffer(make([]byte, 0, max(length, freeBytes)+bytes.MinRead))
	body.Write(head)
	_, err = body.ReadFrom(r)
	return body.Bytes(), err
}

// bodyFault says what is wrong with a whole body, whatever it is a document of.
func bodyFault(body []byte) error {
	switch {
	case len(bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))) == 0:
		return errBlank
	case bytes.HasPrefix(body, []byte{0x1f, 0x8b}):
		return errTwice
	}
	return nil
}

// unpack undoes the encoding that was asked for, and refuses any other.
func unpack(packed io.Reader, header http.Header) (io.Reader, error) {
	encoding := strings.ToLower(strings.Join(header.Values("Content-Encoding"), ", "))
	switch strings.TrimSpace(encoding) {
	case "", "identity":
		return packed, nil
	case "gzip", "x-gzip": // the same, RFC 9110 section 8.4.1.3
		unpacked, err := gzip.NewReader(packed)
		if errors.Is(err, io.EOF) {
			return nil, errBlank
		}
		return unpacked, err
	}
	return nil, fmt.Errorf("the body is encoded as %.40q, which was not asked for: tell its operator", encoding)
}

// corrupt reports whether err is of a body that is no whole gzip stream.
func corrupt(err error) bool {
	var input flate.CorruptInputError
	return errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &input)
}

// capped is a reader of at most limit bytes: one more is an error, not an end.
type capped struct {
	reader io.Reader
	left   int64
	limit  int64
}

func (c *capped) Read(p []byte) (int, error) {
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.reader.Read(p)
	if int64(n) > c.left {
		return 0, fmt.Errorf("body over %s: raise max_bytes of the source if it is meant to be so long", size(c.limit))
	}
	c.left -= int64(n)
	return n, err
}

func size(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

// counter counts the bytes that arrive.
type counter struct {
	reader io.Reader
	bytes  atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.reader.Read(p)
	c.bytes.Add(int64(n))
	return n, err
}

// watch gives the request up when fewer than leastSpeed bytes per second arrive in a window, until it is stopped.
func (c *counter) watch(window time.Duration, give context.CancelCauseFunc) (stop func()) {
	least := int64(window.Seconds() * leastSpeed)
	stopped := make(chan struct{})
	before := c.bytes.Load()
	go func() {
		tick := time.NewTicker(window)
		defer tick.Stop()
		for {
			select {
			case <-stopped:
				return
			case <-tick.C:
			}
			now := c.bytes.Load()
			if now-before < least {
				give(errSlow)
				return
			}
			before = now
		}
	}()
	return sync.OnceFunc(func() { close(stopped) })
}
