package bench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// serveVariable makes a process of this test binary serve so many sources instead of testing.
const serveVariable = "FINEWS_BENCH_SERVE"

func TestMain(m *testing.M) {
	count := os.Getenv(serveVariable)
	if count == "" {
		os.Exit(m.Run())
	}
	if err := serve(count); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// serve generates the sources, prints the address that they are served at, and serves them until standard input
// ends, which it does with the process that started this one, however that came to its end.
func serve(count string) error {
	sources, err := strconv.Atoi(count)
	if err != nil {
		return fmt.Errorf("read %s: %w", serveVariable, err)
	}
	mux := http.NewServeMux()
	for index := range sources {
		u, err := generate(seed, index)
		if err != nil {
			return fmt.Errorf("generate source %d: %w", index, err)
		}
		mux.HandleFunc("GET "+path(index), func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", u.contentType)
			http.ServeContent(w, r, "", newest, bytes.NewReader(u.document))
		})
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, os.Stdin)
		ended <- errors.Join(err, server.Close())
	}()
	fmt.Println(listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}

func path(index int) string { return "/" + strconv.Itoa(index) }

// startServer serves the first sources of the corpus in a process of its own, whose CPU time is nobody's here, until
// the test ends. It returns their addresses.
func startServer(tb testing.TB, sources int) []string {
	tb.Helper()
	binary, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	process := exec.Command(binary)
	process.Env = append(os.Environ(), serveVariable+"="+strconv.Itoa(sources))
	process.Stderr = os.Stderr
	input, err := process.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	output, err := process.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := process.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := errors.Join(input.Close(), process.Wait()); err != nil {
			tb.Errorf("the server of the sources: %v", err)
		}
	})
	host, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		tb.Fatalf("the server of the sources did not say its address: %v", err)
	}
	var addresses []string
	for index := range sources {
		addresses = append(addresses, "http://"+strings.TrimSpace(host)+path(index))
	}
	return addresses
}
