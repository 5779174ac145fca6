package fetch

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
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

// readBody reads the whole body, unpacked, at most limit bytes of it (0: 8 MiB), and gives up on one that
// drips. Nothing of a body that is not whole is returned.
func readBody(ctx context.Context, resp *http.Response, limit int64, window time.Duration, give context.CancelCauseFunc) ([]byte, error) {
	if limit <= 0 {
		limit = defaultMaxBytes
	}
	counted := &counter{reader: resp.Body}
	go counted.watch(ctx, window, give)
	// The packed bytes are capped too: a stream of empty gzip members has no end and unpacks to nothing.
	unpacked, err := unpack(&capped{reader: counted, left: limit, limit: limit}, resp.Header)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(&capped{reader: unpacked, left: limit, limit: limit})
	switch {
	case err != nil:
		return nil, err
	case len(bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))) == 0:
		return nil, errBlank
	case bytes.HasPrefix(body, []byte{0x1f, 0x8b}):
		return nil, errTwice
	}
	return body, nil
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

// watch gives the request up when fewer than leastSpeed bytes per second arrive in a window. It ends with ctx.
func (c *counter) watch(ctx context.Context, window time.Duration, give context.CancelCauseFunc) {
	least := int64(window.Seconds() * leastSpeed)
	tick := time.NewTicker(window)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if c.bytes.Swap(0) < least {
				give(errSlow)
				return
			}
		}
	}
}
