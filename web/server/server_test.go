package server

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// listen opens a port that is free.
func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}

func TestTakenPort(t *testing.T) {
	taken := listen(t).Addr().(*net.TCPAddr)
	_, err := Listen(taken.String())
	want := fmt.Sprintf("127.0.0.1:%d is taken by another program: choose another address with --addr 127.0.0.1:%d", taken.Port, taken.Port+1)
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestBadAddress(t *testing.T) {
	for _, addr := range []string{"8080", "127.0.0.1:99999", "127.0.0.1:http8080"} {
		if _, err := Listen(addr); err == nil || !strings.Contains(err.Error(), "write --addr HOST:PORT") {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

func TestNextAddress(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:8080": "127.0.0.1:8081", ":8080": ":8081", "[::1]:80": "[::1]:81", "127.0.0.1:65535": "127.0.0.1:8081", "x": "127.0.0.1:8081",
	} {
		if got := nextAddress(addr); got != want {
			t.Errorf("after %s comes %s, not %s", addr, got, want)
		}
	}
}

// An answer that is under way when the server is told to stop is finished, and no new one is begun.
func TestStopFinishesAnswers(t *testing.T) {
	listener := listen(t)
	ctx, stop := context.WithCancel(t.Context())
	begun, finish, stopped := make(chan bool), make(chan bool), make(chan error, 1)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun <- true
		<-finish
		io.WriteString(w, "农金网新闻")
	})
	go func() { stopped <- Serve(ctx, listener, handler) }()
	body := make(chan string, 1)
	go func() {
		answer, err := http.Get("http://" + listener.Addr().String() + "/")
		if err != nil {
			body <- err.Error()
			return
		}
		defer answer.Body.Close()
		text, _ := io.ReadAll(answer.Body)
		body <- string(text)
	}()
	<-begun
	stop()
	waitClosed(t, listener.Addr().String())
	finish <- true
	if got := <-body; got != "农金网新闻" {
		t.Errorf("the answer under way became %q", got)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// waitClosed waits until no new connection is taken.
func waitClosed(t *testing.T, addr string) {
	t.Helper()
	for t.Context().Err() == nil {
		connection, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		connection.Close()
	}
}

func TestServeSaysWhyItCannot(t *testing.T) {
	listener := listen(t)
	listener.Close()
	if err := Serve(t.Context(), listener, http.NotFoundHandler()); err == nil || !strings.Contains(err.Error(), "serve on 127.0.0.1:") {
		t.Errorf("got %v", err)
	}
}

func TestLimits(t *testing.T) {
	s := newServer(http.NotFoundHandler())
	got := []time.Duration{s.ReadHeaderTimeout, s.ReadTimeout, s.WriteTimeout, s.IdleTimeout}
	for i, want := range []time.Duration{5 * time.Second, 10 * time.Second, 30 * time.Second, 60 * time.Second} {
		if got[i] != want {
			t.Errorf("limit %d is %s, not %s", i, got[i], want)
		}
	}
}

// A header that is too long is refused while it is read (net/http allows 4 KiB over the limit).
func TestLongHeaderIsRefused(t *testing.T) {
	listener := listen(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go Serve(ctx, listener, Handler(Options{Root: publish(t)}))
	connection, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	fmt.Fprintf(connection, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\n\r\n", strings.Repeat("长", 8<<10))
	answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %s", answer.Status)
	}
}

// The paths as they come over the wire, before any client has cleaned them.
func TestRawPaths(t *testing.T) {
	listener := listen(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go Serve(ctx, listener, Handler(Options{Root: publish(t)}))
	for path, want := range map[string]int{
		"/": 200, "/index.html": 200, "/..%2f..%2fetc/passwd": 404, "/../index.html": 404, "/%2e%2e/outside.html": 404,
		"/index.html%00": 404, "/%2esecret.html": 404, "//index.html": 404, "/%zz": 400, "/category%2findex.html": 200,
		"http://evil.example/index.html": 200,
	} {
		connection, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", path)
		answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(answer.Body)
		connection.Close()
		if answer.StatusCode != want || strings.Contains(string(text), "evil") {
			t.Errorf("%s: %s %q", path, answer.Status, text)
		}
	}
}
