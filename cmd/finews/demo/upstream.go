package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
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

//go:embed upstream
var upstreamFiles embed.FS

// document is one file of the upstream, as it is served.
type document struct {
	host        string // under Domain
	path        string
	file        string // in upstreamFiles
	contentType string
	modified    string // RFC 9110 date, later than every entry of the file; it changes when the file does
}

// documents lists all that the upstream serves. The first names its charset in the prolog alone, as many
// Chinese feeds do.
func documents() []document {
	return []document{
		{"xiangcun." + Domain, "/rss.xml", "upstream/xiangcun.xml", "text/xml", "Mon, 29 Jun 2026 01:30:00 GMT"},
		{"xianyu." + Domain, "/news/atom.xml", "upstream/xianyu.atom", "application/atom+xml; charset=utf-8", "Sun, 28 Jun 2026 09:00:00 GMT"},
		{"nongxian." + Domain, "/feed.json", "upstream/nongxian.json", "application/feed+json", "Tue, 30 Jun 2026 02:00:00 GMT"},
	}
}

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

func routes() (*http.ServeMux, error) {
	mux := http.NewServeMux()
	for _, d := range documents() {
		h, err := newHandler(d)
		if err != nil {
			return nil, err
		}
		mux.Handle("GET "+d.host+d.path, h)
	}
	return mux, nil
}

// newHandler serves a document with both validators; http.ServeContent answers 304 where either matches.
func newHandler(d document) (http.Handler, error) {
	content, err := upstreamFiles.ReadFile(d.file)
	if err != nil {
		return nil, fmt.Errorf("read the demo's file %s: %w", d.file, err)
	}
	modified, err := http.ParseTime(d.modified)
	if err != nil {
		return nil, fmt.Errorf("read the date of the demo's file %s: write it as RFC 9110 does: %w", d.file, err)
	}
	sum := sha256.Sum256(content)
	etag := `"` + hex.EncodeToString(sum[:8]) + `"`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", d.contentType)
		w.Header().Set("ETag", etag)
		http.ServeContent(w, r, d.path, modified, bytes.NewReader(content))
	}), nil
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
