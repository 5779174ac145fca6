package fetch

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
)

const userAgent = "finews/0.1 (+mailto:ops@example.org)"

// document is a small feed, as an upstream of ours would send it.
const document = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>县域金融</title><item><title>清河农商行下调涉农贷款利率</title></item></channel></rss>`

var clock = time.Date(2026, 4, 11, 2, 46, 17, 0, time.UTC)

// newClient returns a client that may dial loopback and whose clock stands still.
func newClient(t *testing.T, changes ...func(*Options)) *Client {
	t.Helper()
	o := Options{
		UserAgent: userAgent,
		Network:   feeds.Network{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}},
		Now:       func() time.Time { return clock },
	}
	for _, change := range changes {
		change(&o)
	}
	client, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdle)
	return client
}

// serve starts a server on loopback.
func serve(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// serveRaw answers each connection by hand, for what net/http would not send.
func serveRaw(t *testing.T, talk func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				talk(conn)
			}()
		}
	}()
	return "http://" + listener.Addr().String() + "/rss.xml"
}

// readRequest reads a request's header from a raw connection.
func readRequest(conn net.Conn) []string {
	var lines []string
	for scanner := bufio.NewScanner(conn); scanner.Scan() && scanner.Text() != ""; {
		lines = append(lines, scanner.Text())
	}
	return lines
}

// hold keeps a connection open until the other side closes it.
func hold(conn net.Conn) { io.Copy(io.Discard, conn) }

func source(address string) feeds.Source {
	return feeds.Source{Name: "县域金融", Kind: feeds.KindFeed, URL: address, MaxBytes: 1 << 20}
}

func get(client *Client, address string) (Answer, error) {
	return client.Get(context.Background(), source(address), feeds.Validators{})
}

// wantFailure checks that err is a Failure of that phase whose sentence holds the words.
func wantFailure(t *testing.T, err error, phase string, words ...string) *Failure {
	t.Helper()
	var failure *Failure
	if !errors.As(err, &failure) {
		t.Fatalf("got error %v, want a Failure of phase %s", err, phase)
	}
	if failure.Phase != phase {
		t.Errorf("got phase %s (%v), want %s", failure.Phase, err, phase)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}
	return failure
}

// lines returns the lines of a file of cases, without comments.
func lines(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimRight(line, "\n"); line != "" && !strings.HasPrefix(line, "#") {
			kept = append(kept, line)
		}
	}
	return kept
}

func parsed(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// tellPort is a dialer that connects nowhere, and notes of each address which port was listed.
func tellPort(listed map[string]any) dialer {
	return func(ctx context.Context, _, address string) (net.Conn, error) {
		listed[address] = ctx.Value(listedPortKey{})
		return nil, errors.New("nobody is there")
	}
}
