package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// Domain is the domain of every host that the upstream answers for.
const Domain = "demo.invalid"

// Times of a request, far above what loopback needs: they only keep a stuck client from holding a connection.
const (
	headerTimeout = 5 * time.Second
	answerTimeout = 10 * time.Second
	idleTimeout   = 30 * time.Second
)

// maxHeader bounds a request's header, in bytes.
const maxHeader = 16 << 10

// Upstream is a server on a loopback port of its own, which answers as every host of the demo.
type Upstream struct {
	server   *http.Server
	address  string
	finished chan error // the end of the server, told once
}

// Start serves the upstream on a loopback port of its own until Close.
func Start() (*Upstream, error) {
	mux, err := routes()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the demo's upstream: no port of 127.0.0.1 could be opened; is loopback up? %w", err)
	}
	u := &Upstream{
		server: &http.Server{
			Handler:           mux,
			ReadHeaderTimeout: headerTimeout,
			ReadTimeout:       answerTimeout,
			WriteTimeout:      answerTimeout,
			IdleTimeout:       idleTimeout,
			MaxHeaderBytes:    maxHeader,
		},
		address:  listener.Addr().String(),
		finished: make(chan error, 1),
	}
	go func() {
		u.finished <- u.server.Serve(listener)
		close(u.finished)
	}()
	return u, nil
}

// Dial connects to the upstream, whichever host under Domain the address names and whatever its port. It returns an
// error for every other host, so that a demo never asks the real network. It has the form of
// http.Transport.DialContext.
func (u *Upstream) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("dial %s: write it as host:port: %w", address, err)
	}
	if !strings.HasSuffix(strings.ToLower(host), "."+Domain) {
		return nil, fmt.Errorf("dial %s: the demo has no network; only hosts under %s answer", address, Domain)
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, u.address)
	if err != nil {
		return nil, fmt.Errorf("dial %s, which the demo serves at %s: %w", address, u.address, err)
	}
	return conn, nil
}

// Close stops the upstream and ends its connections. A second Close returns nil too.
func (u *Upstream) Close() error {
	err := u.server.Close()
	if served := <-u.finished; served != nil && !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	if err != nil {
		return fmt.Errorf("stop the demo's upstream: %w", err)
	}
	return nil
}
