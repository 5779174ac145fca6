// Package server serves the output folder over HTTP: what goes in is a folder of files that package publish
// wrote, what comes out is those files, and nothing else, to whoever asks for them by GET or HEAD.
//
// No request changes or chooses a byte of an answer but by its path and the standard conditions (RFC 9110: ranges,
// validators, accepted encodings). In particular the Host header is never read. TLS is left to a proxy in front.
package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

// The limits that keep a slow or greedy client from holding the server: with net/http's own (none) 500 clients
// that send one byte at a time hold 500 connections for ever.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 10 * time.Second
	writeTimeout      = 30 * time.Second
	idleTimeout       = 60 * time.Second
	maxHeaderBytes    = 16 << 10
	stopTimeout       = 10 * time.Second // for answers that are under way when the server is told to stop
)

// Listen opens the address, HOST:PORT, to serve on. Its errors say what to write instead.
func Listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	switch {
	case err == nil:
		return listener, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is taken by another program: choose another address with --addr %s", addr, nextAddress(addr))
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("%s is not allowed to this user: choose a port above 1023, such as --addr 127.0.0.1:8080", addr)
	}
	return nil, fmt.Errorf("cannot listen on %s: %w: write --addr HOST:PORT, such as --addr 127.0.0.1:8080", addr, err)
}

// nextAddress returns addr with the next port.
func nextAddress(addr string) string {
	const fallback = "127.0.0.1:8081"
	host, text, err := net.SplitHostPort(addr)
	if err != nil {
		return fallback
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil || port >= 65535 {
		return fallback
	}
	return net.JoinHostPort(host, strconv.FormatUint(port+1, 10))
}

// Serve answers requests on listener, which it closes, until ctx ends; then it takes no new ones and gives
// those under way ten seconds. It returns nil where it stopped because it was told to and none was cut off.
func Serve(ctx context.Context, listener net.Listener, h http.Handler) error {
	server := newServer(h)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	// The context has ended: the answers under way get one of their own to finish in.
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		server.Close()
		return fmt.Errorf("stop serving on %s: answers were cut off after %s: %w", listener.Addr(), stopTimeout, err)
	}
	return nil
}

// newServer returns a server with our limits. HTTP/2 without TLS stays off, as net/http has it.
func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
	}
}
