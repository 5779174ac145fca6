package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"finews.withounder.com/feeds/fetch"
)

// mostAllocated bounds what a poll of three sources allocates in all, in bytes, while one sends without end: its body may
// come to 8 MiB, and is parsed only when it is whole.
const mostAllocated = 48 << 20

// allocates asserts the bound of memory around do. It is for tests that run alone.
func allocates(t *testing.T, do func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > mostAllocated {
		t.Errorf("%d MiB were allocated, more than %d", n>>20, mostAllocated>>20)
	}
}

// drips sends a feed without end, some bytes of it at a time.
func drips(n int, every time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		io.WriteString(w, twoEntries[:200])
		for tick := time.NewTicker(every); ; {
			http.NewResponseController(w).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-tick.C:
				io.WriteString(w, strings.Repeat(" ", n))
			}
		}
	}
}

func TestFault05SlowBody(t *testing.T) {
	slow := func(_ *testing.T, p *plight) {
		p.answer = drips(1, 10*time.Millisecond)
		p.network = func(o *fetch.Options) { o.Timeouts.Slow = 300 * time.Millisecond }
	}
	long := func(_ *testing.T, p *plight) {
		p.answer = drips(1<<10, 10*time.Millisecond)
		p.network = func(o *fetch.Options) { o.Timeouts.Slow, o.Timeouts.Total = 300*time.Millisecond, time.Second }
	}
	pass(t,
		ailment{"too slow", slow, "body", 200, []string{"the body came slower than 1 KiB/s for 300ms"}},
		ailment{"fast enough, and without end", long, "body", 200, []string{"127.0.0.1 had not finished after 1s in all"}},
	)
}

// flood sends a feed whose entries never end, as often as anyone takes it, and counts the bytes.
func flood(sent *atomic.Int64) http.HandlerFunc {
	entry := []byte("<item><guid>农</guid><title>农商行的消息没有完</title><description>" + strings.Repeat("春耕贷款。", 2000) + "</description></item>")
	return func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, twoEntries[:strings.Index(twoEntries, "<item>")])
		for {
			n, err := w.Write(entry)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	}
}

func TestFault06InfiniteBody(t *testing.T) {
	for _, test := range []struct{ name, keys, words string }{
		{"as it is", "", "body over 8 MiB: raise max_bytes"},
		{"as the operator wants it", "    max_bytes: 64KiB", "body over 64 KiB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPlight(t)
			var sent atomic.Int64
			p.answer, p.keys = flood(&sent), test.keys
			allocates(t, func() { p.fails("body", http.StatusOK, test.words) })
			if n := sent.Load(); n > 24<<20 { // what the kernel takes in advance is no matter of ours
				t.Errorf("%d MiB were sent before anyone stopped it", n>>20)
			}
			p.keys = ""
			p.recovers()
		})
	}
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	io.WriteString(w, text)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.String()
}

// sends answers with a body under a Content-Encoding.
func sends(encoding, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		w.Header().Set("Content-Encoding", encoding)
		io.WriteString(w, body)
	}
}

// TestFault07GzipBomb: 2 MB that unpack to 2 GiB of a feed that goes on and on. What counts is what is unpacked.
func TestFault07GzipBomb(t *testing.T) {
	p := newPlight(t)
	head := zipped(t, twoEntries[:strings.Index(twoEntries, "</channel>")])
	bomb := head + strings.Repeat(zipped(t, strings.Repeat(" ", 16<<20)), 128)
	if len(bomb) < 1<<20 || len(bomb) > 8<<20 {
		t.Fatalf("the bomb has %d bytes, which a limit of packed bytes would see", len(bomb))
	}
	p.answer = sends("gzip", bomb)
	allocates(t, func() { p.fails("body", http.StatusOK, "body over 8 MiB") })
	p.recovers()
}

// TestFault07EmptyMembers: a stream of gzip members that unpack to nothing has no end either.
func TestFault07EmptyMembers(t *testing.T) {
	p := newPlight(t)
	p.answer = sends("gzip", strings.Repeat(zipped(t, ""), 9<<20/20))
	p.fails("body", http.StatusOK, "body over 8 MiB")
	p.recovers()
}

func TestFault07Encodings(t *testing.T) {
	packed := zipped(t, strings.Replace(twoEntries, "正文一", "正文换了", 1))
	middle := len(packed) / 2
	torn := packed[:middle] + "坏" + packed[middle+3:]
	wrongSum := packed[:len(packed)-8] + "\x00\x00\x00\x00" + packed[len(packed)-4:]
	ails := func(encoding, body string) func(*testing.T, *plight) {
		return func(_ *testing.T, p *plight) { p.answer = sends(encoding, body) }
	}
	pass(t,
		ailment{"gzip in gzip", ails("gzip", zipped(t, packed)), "body", 200, []string{"gzip that the answer does not declare"}},
		ailment{"gzip undeclared", ails("identity", packed), "body", 200, []string{"gzip that the answer does not declare"}},
		ailment{"two encodings", ails("gzip, gzip", zipped(t, packed)), "body", 200, []string{`encoded as "gzip, gzip", which was not asked for`}},
		ailment{"corrupt", ails("gzip", torn), "body", 200, []string{"the body is corrupt"}},
		ailment{"wrong sum", ails("gzip", wrongSum), "body", 200, []string{"the body is corrupt"}},
		ailment{"not gzip at all", ails("gzip", twoEntries), "body", 200, []string{"the body is corrupt"}},
		ailment{"truncated", ails("gzip", packed[:middle]), "body", 200, []string{"the body was cut"}},
		ailment{"without its end", ails("gzip", packed[:len(packed)-3]), "body", 200, []string{"the body was cut"}},
		ailment{"br", ails("br", "\x0b\x02\x80农\x03"), "body", 200, []string{`encoded as "br", which was not asked for`}},
		ailment{"zstd", ails("zstd", "\x28\xb5\x2f\xfd"), "body", 200, []string{`encoded as "zstd", which was not asked for`}},
		ailment{"deflate", ails("deflate", packed), "body", 200, []string{`encoded as "deflate", which was not asked for`}},
	)
}

// TestFault07GzipIsRead: the encoding that is asked for is no fault.
func TestFault07GzipIsRead(t *testing.T) {
	p := newPlight(t)
	p.answer = func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Accept-Encoding"); got != "gzip" {
			t.Errorf("asked for the encoding %q", got)
		}
		sends("gzip", zipped(t, strings.Replace(twoEntries, "乙县", "丙县", 1)))(w, r)
	}
	if code, told := p.poll(); code != exitWell || told != "" {
		t.Fatalf("exit %d: %s", code, told)
	}
	if !bytes.Contains(p.published("huaibao.xml"), []byte("丙县农信社改制")) {
		t.Error("what came packed is not published")
	}
}

func TestFault08HugeHeader(t *testing.T) {
	ails := func(fields, length int) func(*testing.T, *plight) {
		return func(_ *testing.T, p *plight) {
			p.answer = func(w http.ResponseWriter, r *http.Request) {
				for i := range fields {
					w.Header().Set(fmt.Sprintf("X-Nong-%d", i), strings.Repeat("n", length))
				}
				io.WriteString(w, twoEntries)
			}
		}
	}
	endless := func(_ *testing.T, p *plight) {
		p.answer = byHand(func(conn net.Conn) {
			_, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\nX-Nong: ")
			for err == nil {
				_, err = io.WriteString(conn, strings.Repeat("n", 4<<10))
			}
		})
	}
	words := []string{"header", "exceeded 65536 bytes"}
	pass(t,
		ailment{"one of 2 MB", ails(1, 2<<20), "header", 0, words},
		ailment{"20,000 of 100 bytes", ails(20_000, 100), "header", 0, words},
		ailment{"one without end", endless, "header", 0, words},
	)
}

// TestFault08HTTP2: the header is bounded there too, and so is the body.
func TestFault08HTTP2(t *testing.T) {
	p := newPlight(t)
	config := certified(t, "127.0.0.1", time.Now().AddDate(10, 0, 0))
	config.NextProtos = []string{"h2"}
	url, _, pool := secured(t, config, func(w http.ResponseWriter, r *http.Request) {
		if r.Proto != "HTTP/2.0" {
			t.Errorf("asked by %s", r.Proto)
		}
		p.answer(w, r)
	})
	p.network = func(o *fetch.Options) { o.RootCAs = pool }
	p.url = url + "/subject?token=" + ailSecret
	p.answer = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Nong", strings.Repeat("n", 2<<20))
		io.WriteString(w, twoEntries)
	}
	p.fails("header", 0)
	p.recovers()
	var sent atomic.Int64
	p.answer, p.now = flood(&sent), time.Now().Add(25*time.Hour)
	p.fails("body", http.StatusOK, "body over 8 MiB")
}

func TestFault09Cut(t *testing.T) {
	document := strings.Replace(twoEntries, "<item>", `<item><guid>3</guid><link>https://huaibao.example/3</link><title>丙县新设村镇银行</title></item><item>`, 1)
	head := "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: \"新\"\r\n"
	ails := func(text string) func(*testing.T, *plight) {
		return func(_ *testing.T, p *plight) { p.answer = raw(text) }
	}
	words := []string{"unexpected EOF", "the body was cut"}
	length := fmt.Sprintf("Content-Length: %d\r\n\r\n", len(document))
	pass(t,
		ailment{"in the middle", ails(head + length + document[:len(document)/2]), "body", 200, words},
		ailment{"one byte short", ails(head + length + document[:len(document)-1]), "body", 200, words},
		ailment{"before the first", ails(head + length), "body", 200, words},
		ailment{"within a chunk", ails(head + fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s", len(document), document[:300])), "body", 200, words},
		ailment{"between chunks", ails(head + fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(document), document)), "body", 200, words},
		ailment{"within the header", ails(head[:30]), "header", 0, []string{"unexpected EOF"}},
	)
}
