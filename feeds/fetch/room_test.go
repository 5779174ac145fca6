package fetch

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"finews.withounder.com/feeds"
)

// The tests of this file run in a bubble, where the clock stands until all wait, and connections are pipes in memory.

// piped returns a client whose connections are all answered by talk, which is told the path.
func piped(t *testing.T, inFlight int64, talk func(conn net.Conn, path string)) *Client {
	t.Helper()
	client, err := New(Options{UserAgent: userAgent, InFlight: inFlight, Dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go func() {
			defer there.Close()
			r := bufio.NewReader(there)
			for {
				request, err := http.ReadRequest(r)
				if err != nil {
					return
				}
				talk(there, request.URL.Path)
			}
		}()
		return here, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// long answers with a body of 8 MiB.
func long(conn net.Conn, _ string) {
	fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", 8<<20)
	conn.Write(bytes.Repeat([]byte("农金网。"), 8<<20/12))
	conn.Write(make([]byte, 8<<20%12))
}

// numbered is a source at a host of its own.
func numbered(i int) feeds.Source {
	return feeds.Source{URL: fmt.Sprintf("http://%d.example/rss.xml", i), MaxBytes: 8 << 20}
}

// Of sixteen bodies of 8 MiB three are held, and a fourth only when one of them is given back.
func TestBodiesInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := piped(t, 24<<20, long)
		defer client.CloseIdle()
		var held atomic.Int64
		release := make(chan struct{})
		done := make(chan error)
		for i := range 16 {
			go func() {
				answer, err := client.Get(t.Context(), numbered(i), feeds.Validators{})
				held.Add(int64(len(answer.Body)))
				<-release
				held.Add(-int64(len(answer.Body)))
				answer.Release()
				answer.Release() // of no effect
				done <- err
			}()
		}
		for range 16 {
			time.Sleep(time.Hour) // neither the total nor the slow time runs for those who wait
			synctest.Wait()
			if n := held.Load(); n > 24<<20 {
				t.Errorf("%d bytes are held, want at most %d", n, 24<<20)
			}
			release <- struct{}{}
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}

// One place for all, and bodies that may be longer than it: each has it alone, and all get through.
func TestOnePlaceForSixteen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := piped(t, 1<<20, long)
		defer client.CloseIdle()
		done := make(chan error)
		var held atomic.Int64
		for i := range 16 {
			go func() {
				answer, err := client.Get(t.Context(), numbered(i), feeds.Validators{})
				if held.Add(1) > 1 {
					err = errors.New("two bodies are held")
				}
				held.Add(-1)
				answer.Release()
				done <- err
			}()
		}
		for range 16 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}

func TestShortBodiesNeedNoRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := piped(t, 1, func(conn net.Conn, _ string) {
			fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", freeBytes-1, strings.Repeat("a", freeBytes-1))
		})
		defer client.CloseIdle()
		for i := range 16 {
			if _, err := client.Get(t.Context(), numbered(i), feeds.Validators{}); err != nil {
				t.Error(err)
			}
		}
	})
}

// Whoever is cancelled while waiting leaves the line; whoever fails while holding gives back what it held.
func TestRoomIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := piped(t, 8<<20, func(conn net.Conn, path string) {
			switch path {
			case "/rss.xml":
				long(conn, path)
			case "/silent":
				fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", 8<<20, strings.Repeat("a", 1<<20))
				io.Copy(io.Discard, conn)
			case "/cut":
				fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", 8<<20, strings.Repeat("a", 1<<20))
				conn.Close()
			case "/blank":
				fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", 1<<20, strings.Repeat(" ", 1<<20))
			case "/over":
				fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", 9<<20, strings.Repeat("a", 9<<20))
			}
		})
		defer client.CloseIdle()
		first, err := client.Get(t.Context(), numbered(0), feeds.Validators{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Hour, cancel)
		_, err = client.Get(ctx, numbered(1), feeds.Validators{})
		if wantFailure(t, err, phaseBody, "stopped from our side"); !errors.Is(err, context.Canceled) {
			t.Errorf("%v is not context.Canceled", err)
		}
		first.Release()
		for path, words := range map[string]string{
			"/silent": "slower than 1 KiB/s for 10s", "/cut": "unexpected EOF", "/blank": "empty body", "/over": "body over 8 MiB",
		} {
			s := numbered(2)
			s.URL = strings.Replace(s.URL, "/rss.xml", path, 1)
			_, err := client.Get(t.Context(), s, feeds.Validators{})
			wantFailure(t, err, phaseBody, words)
			if !client.room.shares.TryAcquire(8 << 20) {
				t.Fatalf("%s: room is held by nobody", path)
			}
			client.room.shares.Release(8 << 20)
		}
	})
}

// The time before the wait and the time after it are one total.
func TestTotalGoesOnAfterTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := piped(t, 1, func(conn net.Conn, _ string) {
			time.Sleep(9 * time.Second)
			fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", 8<<20, strings.Repeat("a", freeBytes))
			for err := error(nil); err == nil; time.Sleep(time.Second) {
				_, err = conn.Write(make([]byte, 64<<10))
			}
		})
		defer client.CloseIdle()
		leave, err := client.room.enter(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Hour, leave)
		start := time.Now()
		_, err = client.Get(t.Context(), numbered(0), feeds.Validators{})
		wantFailure(t, err, phaseBody, "not finished after 30s in all")
		if took := time.Since(start); took != time.Hour+21*time.Second {
			t.Errorf("given up after %s, want 1h and 21s", took)
		}
		time.Sleep(time.Minute) // until the server has seen it
	})
}

// A long body is read into one buffer: one that grows would be held twice while it does.
func TestLongBodyIsHeldOnce(t *testing.T) {
	text := bytes.Repeat([]byte("农"), 8<<20/3)
	for _, length := range []int64{int64(len(text)), 8 << 20} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		body, err := readAll(bytes.NewReader(text), length, func() error { return nil })
		runtime.ReadMemStats(&after)
		if err != nil || !bytes.Equal(body, text) {
			t.Errorf("got %d bytes, %v", len(body), err)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 10<<20 {
			t.Errorf("%d bytes are allocated for a body of %d", n, len(text))
		}
	}
}

// pipes is a listener for connections in memory.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	conn, open := <-p
	if !open {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// What an HTTP/2 server may send before it is read is bounded: net/http's own 4 MB for each body would not be counted
// as in flight.
func TestHTTP2SendsNoMoreThanIsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent atomic.Int64
		server := &http.Server{ErrorLog: quiet(), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for chunk, err := make([]byte, 16<<10), error(nil); err == nil; {
				_, err = w.Write(chunk)
				sent.Add(int64(len(chunk)))
			}
		})}
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate(t, net.IPv4(127, 0, 0, 1), time.Now().AddDate(1, 0, 0))}}
		listener := make(pipes)
		go server.ServeTLS(listener, "", "")
		client := piped(t, 1, nil)
		client.transports.direct = func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			listener <- there
			return here, nil
		}
		leave, err := client.room.enter(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		defer leave()
		ctx, cancel := context.WithCancel(t.Context())
		failed := make(chan error)
		go func() {
			s := source("https://127.0.0.1/")
			s.InsecureTLS = true
			_, err := client.Get(ctx, s, feeds.Validators{})
			failed <- err
		}()
		synctest.Wait() // the client waits for room, and so the server for the client
		if n := sent.Load(); n < freeBytes || n > 4*freeBytes {
			t.Errorf("the server sent %d bytes while %d were read", n, freeBytes)
		}
		cancel()
		wantFailure(t, <-failed, phaseBody, "stopped from our side")
		client.CloseIdle()
		close(listener)
		server.Close()
		time.Sleep(time.Minute) // until all has ended
	})
}
