package fetch

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// busy is a server that counts its connections, and the requests that it serves at the same time.
type busy struct {
	*httptest.Server
	connections, now, most atomic.Int64
}

func serveBusy(t *testing.T, http2 bool) *busy {
	t.Helper()
	b := &busy{}
	b.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		now := b.now.Add(1)
		defer b.now.Add(-1)
		b.most.Store(max(b.most.Load(), now))
		fmt.Fprint(w, r.Proto)
	}))
	b.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			b.connections.Add(1)
		}
	}
	b.EnableHTTP2 = http2
	if http2 {
		b.StartTLS()
	} else {
		b.Start()
	}
	t.Cleanup(b.Close)
	return b
}

// Sixteen sources of one host at the same time make one connection and one request at a time, whatever the protocol.
func TestOneConnectionPerHost(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		server, proto := serveBusy(t, http2), "HTTP/1.1"
		client := newClient(t)
		if http2 {
			client, proto = newClient(t, trusting(server.Server)), "HTTP/2.0"
		}
		var polls sync.WaitGroup
		for i := range 16 {
			polls.Go(func() {
				answer, err := get(client, fmt.Sprintf("%s/%d.xml", server.URL, i))
				if err != nil || string(answer.Body) != proto {
					t.Errorf("got %q, %v, want %s", answer.Body, err, proto)
				}
			})
		}
		polls.Wait()
		if n, most := server.connections.Load(), server.most.Load(); n != 1 || most != 1 {
			t.Errorf("%s: %d connections, %d requests at the same time, want one of each", proto, n, most)
		}
	}
}

// The limits of a client of which nothing is said.
func TestDefaultLimits(t *testing.T) {
	client, err := New(Options{UserAgent: userAgent})
	if err != nil {
		t.Fatal(err)
	}
	want := Timeouts{Dial: 10 * time.Second, TLS: 10 * time.Second, Header: 10 * time.Second, Slow: 10 * time.Second, Total: 30 * time.Second}
	if diff := cmp.Diff(want, client.timeouts); diff != "" {
		t.Errorf("timeouts (-want +got):\n%s", diff)
	}
	transport := client.transports.of(nil, false, false)
	if transport.TLSHandshakeTimeout != want.TLS || transport.ResponseHeaderTimeout != want.Header ||
		transport.MaxResponseHeaderBytes != 64<<10 || transport.TLSClientConfig.MinVersion != tls.VersionTLS12 ||
		transport.TLSClientConfig.InsecureSkipVerify || transport.Proxy != nil || client.room.size != 24<<20 {
		t.Errorf("transport is %+v, room %d", transport, client.room.size)
	}
}
