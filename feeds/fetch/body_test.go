package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

func packed(text []byte) []byte {
	var buffer bytes.Buffer
	w := gzip.NewWriter(&buffer)
	w.Write(text)
	w.Close()
	return buffer.Bytes()
}

// serveBody serves one body under one Content-Encoding.
func serveBody(t *testing.T, encoding string, body []byte) string {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", encoding)
		w.Write(body)
	}).URL
}

func TestGzip(t *testing.T) {
	for encoding, body := range map[string][]byte{
		"gzip": packed([]byte(document)), "X-GZIP": packed([]byte(document)), "identity": []byte(document),
	} {
		answer, err := get(newClient(t), serveBody(t, encoding, body))
		if err != nil || string(answer.Body) != document {
			t.Errorf("%s: got %.40q, %v", encoding, answer.Body, err)
		}
	}
}

func TestFault05SlowBody(t *testing.T) {
	drip := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for tick := time.NewTicker(10 * time.Millisecond); ; {
			fmt.Fprint(w, "慢")
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-tick.C:
			}
		}
	})
	_, err := get(newClient(t, func(o *Options) { o.Timeouts.Total = 200 * time.Millisecond }), drip.URL)
	wantFailure(t, err, phaseBody, "not finished after 200ms in all")
	// 300 bytes a second.
	_, err = get(newClient(t, func(o *Options) { o.Timeouts.Slow = 500 * time.Millisecond }), drip.URL)
	wantFailure(t, err, phaseBody, "slower than 1 KiB/s for 500ms")
}

func TestFault06InfiniteBody(t *testing.T) {
	endless := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for chunk := []byte(strings.Repeat("农", 10000)); ; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	s := source(endless.URL)
	s.MaxBytes = 0
	_, err := newClient(t).Get(context.Background(), s, feeds.Validators{})
	wantFailure(t, err, phaseBody, "body over 8 MiB")
}

func TestBodyOfExactlyTheLimit(t *testing.T) {
	s := source(serveBody(t, "", bytes.Repeat([]byte("a"), 1000)))
	s.MaxBytes = 1000
	if _, err := newClient(t).Get(context.Background(), s, feeds.Validators{}); err != nil {
		t.Errorf("1000 bytes of 1000: %v", err)
	}
	s.MaxBytes = 999
	_, err := newClient(t).Get(context.Background(), s, feeds.Validators{})
	wantFailure(t, err, phaseBody, "body over 999 bytes")
}

func TestFault07Encodings(t *testing.T) {
	whole := packed([]byte(document))
	broken := bytes.Clone(whole)
	broken[len(broken)-6] ^= 0xff // in the checksum
	for name, test := range map[string]struct {
		encoding string
		body     []byte
		words    string
	}{
		"bomb":                 {"gzip", packed(make([]byte, 8<<20)), "body over 1 MiB"},
		"empty members":        {"gzip", bytes.Repeat(packed(nil), 50_000), "body over 1 MiB"},
		"double":               {"gzip", packed(whole), "packs it twice"},
		"double declared":      {"gzip, gzip", packed(whole), "not asked for"},
		"undeclared":           {"", whole, "does not declare"},
		"corrupt":              {"gzip", broken, "corrupt"},
		"no gzip":              {"gzip", []byte(document), "corrupt"},
		"trailing garbage":     {"gzip", append(bytes.Clone(whole), "garbage garbage"...), "corrupt"},
		"truncated":            {"gzip", whole[:len(whole)/2], "cut"},
		"truncated in trailer": {"gzip", whole[:len(whole)-3], "cut"},
		"br":                   {"br", []byte("乱码"), `"br"`},
		"zstd":                 {"zstd", []byte("乱码"), `"zstd"`},
		"deflate":              {"deflate", []byte("乱码"), `"deflate"`},
	} {
		t.Run(name, func(t *testing.T) {
			answer, err := get(newClient(t), serveBody(t, test.encoding, test.body))
			wantFailure(t, err, phaseBody, test.words)
			if answer.Body != nil {
				t.Errorf("%d bytes came through", len(answer.Body))
			}
		})
	}
}

func TestFault08HugeHeader(t *testing.T) {
	address := serveRaw(t, func(conn net.Conn) {
		readRequest(conn)
		fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nX-Padding: "+strings.Repeat("a", 2<<20)+"\r\n\r\n")
	})
	_, err := get(newClient(t), address)
	wantFailure(t, err, phaseHeader, "exceeded 65536 bytes")
}

func TestFault09CutBody(t *testing.T) {
	for name, header := range map[string]string{
		"Content-Length": "Content-Length: 1000\r\n\r\n",
		"chunked":        "Transfer-Encoding: chunked\r\n\r\n3e8\r\n",
	} {
		address := serveRaw(t, func(conn net.Conn) {
			readRequest(conn)
			fmt.Fprint(conn, "HTTP/1.1 200 OK\r\n"+header+document)
		})
		answer, err := get(newClient(t), address)
		wantFailure(t, err, phaseBody, "unexpected EOF")
		if answer.Body != nil {
			t.Errorf("%s: %d bytes came through", name, len(answer.Body))
		}
	}
}

func TestFault25EmptyBody(t *testing.T) {
	for name, test := range map[string]struct {
		encoding string
		body     []byte
	}{
		"nothing": {"", nil}, "white space": {"", []byte(" \r\n\t\u3000\n")}, "byte order mark": {"", []byte("\ufeff \n")},
		"gzip of nothing": {"gzip", packed(nil)}, "nothing as gzip": {"gzip", nil},
	} {
		_, err := get(newClient(t), serveBody(t, test.encoding, test.body))
		if failure := wantFailure(t, err, phaseBody, "empty body"); failure.Status != http.StatusOK {
			t.Errorf("%s: status %d", name, failure.Status)
		}
	}
}
