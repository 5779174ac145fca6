package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode"
)

// Failure is a request that brought no answer that can be used. It holds no secret: no header, no password
// and no query.
type Failure struct {
	Phase      string        // address, wait, dns, guard, connect, tls, header, redirect, http or body
	Status     int           // of the answer; 0 where there was none
	RetryAfter time.Duration // a 429 or 503 asks to be left alone so long, 0 to 7 days; 0: it says nothing
	Fresh      time.Duration // how long a 429 or 503 is good (Cache-Control max-age, Expires), 0 to 7 days
	URL        string        // address that failed, for people: without credentials and query
	Err        error         // cause, with what to do about it: one printable line of at most 1,001 runes
}

// Error returns the sentence "phase: cause: what to do".
func (f *Failure) Error() string { return f.Phase + ": " + f.Err.Error() }

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

// maxSentence bounds a sentence, in runes: parts of it may be words of the server.
const maxSentence = 1000

// sentence is an error as one bounded, printable line.
type sentence struct{ err error }

func (s sentence) Error() string {
	runes := []rune(s.err.Error())
	if len(runes) > maxSentence {
		runes = append(runes[:maxSentence], '…')
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, string(runes))
}

func (s sentence) Unwrap() error { return s.err }

// Why a request was ended from our side. They are the cause of its context.
var (
	errTotal = errors.New("total time is over")
	errSlow  = errors.New("body is too slow")
)

func (t *trip) failure(phase string, err error) *Failure {
	return &Failure{Phase: phase, URL: shown(t.here()), Err: sentence{err}}
}

// fail is failure for those who return an error.
func (t *trip) fail(phase string, err error) error { return t.failure(phase, err) }

// shown is Shown of an address that is read already.
func shown(u *url.URL) string {
	plain := *u
	plain.User, plain.Fragment, plain.RawFragment = nil, "", ""
	if plain.Opaque != "" { // what follows mailto: or data:
		plain.Opaque = "…"
	}
	plain.RawQuery, plain.ForceQuery = "", false
	if u.RawQuery != "" {
		return plain.String() + "?…"
	}
	return plain.String()
}

// Shown returns an address for people: without user, password, query and fragment, any of which may be secret. What is
// no address is not shown.
func Shown(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return shown(u)
}

// peer names who does not answer in a phase: a name is looked up for the proxy and a connection made through it, where
// there is one.
func (t *trip) peer(phase string) string {
	host := t.here().Hostname()
	switch {
	case t.proxy != nil && phase == phaseDNS:
		return t.proxy.Hostname()
	case t.proxy != nil && phase == phaseConnect:
		return host + " through the proxy " + t.proxy.Host
	}
	return host
}

// explain turns an error of net, net/http or readBody into a Failure. phase is how far the request had come.
func (c *Client) explain(ctx context.Context, t *trip, phase string, err error) *Failure {
	host := t.peer(phase)
	var refused *blocked
	var lookup *net.DNSError
	switch cause := context.Cause(ctx); {
	case errors.As(err, &refused):
		return t.failure(phaseGuard, refused)
	case errors.Is(cause, errSlow):
		return t.failure(phase, fmt.Errorf("the body came slower than %s/s for %v: nothing to do unless it stays", size(leastSpeed), c.timeouts.Slow))
	case errors.Is(cause, errTotal):
		return t.failure(phase, fmt.Errorf("%s had not finished after %v in all: nothing to do unless it stays", host, t.total.all))
	case cause != nil:
		return t.failure(phase, fmt.Errorf("stopped from our side: %w", cause))
	case errors.As(err, &lookup):
		return t.failure(phaseDNS, lookupFault(host, lookup))
	case isTimeout(err):
		return t.failure(phase, c.timeoutFault(host, phase))
	case phase == phaseHeader && errors.Is(err, syscall.ECONNRESET):
		phase = phaseConnect // whoever resets before a byte of answer did not want the connection
	}
	return t.failure(phase, t.hint(host, phase, err))
}

func lookupFault(host string, err *net.DNSError) error {
	switch {
	case err.IsNotFound:
		return fmt.Errorf("no such host %s: check the address", host)
	case err.IsTimeout:
		return fmt.Errorf("the name server gave no answer for %s in time: check this machine's network if it stays", host)
	}
	return fmt.Errorf("the name server failed for %s: %w: check this machine's network if it stays", host, err)
}

func isTimeout(err error) bool {
	var timed net.Error
	return errors.As(err, &timed) && timed.Timeout()
}

func (c *Client) timeoutFault(host, phase string) error {
	switch phase {
	case phaseTLS:
		return fmt.Errorf("%s did not finish the TLS handshake within %v: nothing to do unless it stays", host, c.timeouts.TLS)
	case phaseHeader:
		return fmt.Errorf("%s sent no header within %v: nothing to do unless it stays", host, c.timeouts.Header)
	}
	return fmt.Errorf("no connection to %s within %v: check the address if it stays", host, c.timeouts.Dial)
}

// hint adds to an error of the network what can be done about it.
func (t *trip) hint(host, phase string, err error) error {
	switch {
	case phase == phaseConnect:
		return fmt.Errorf("no connection to %s: %w: check the address if it stays", host, err)
	case phase == phaseTLS:
		return tlsFault(host, t.atHome() && t.form == "", err)
	case phase == phaseHeader && longHeader(err):
		return fmt.Errorf("no answer from %s: its headers are over %s, or corrupt (%w): open the address in a browser, and tell its operator",
			host, size(maxHeaderBytes), err)
	case phase == phaseHeader:
		return fmt.Errorf("no answer from %s: %w: nothing to do unless it stays", host, err)
	case corrupt(err):
		return fmt.Errorf("the body is corrupt: %w: nothing was taken over, nothing to do unless it stays", err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the body was cut: %w: nothing was taken over, nothing to do unless it stays", err)
	}
	return err
}

// longHeader reports whether net/http gave an answer up for the length of its header. None of these errors has a type, and
// HTTP/2 ends in the same way where a header is corrupt: by a COMPRESSION_ERROR if one field is too long, by a
// PROTOCOL_ERROR if all of them are by far.
func longHeader(err error) bool {
	return slices.ContainsFunc([]string{"response headers exceeded", "header list larger than advertised",
		"connection error: COMPRESSION_ERROR", "connection error: PROTOCOL_ERROR"},
		func(words string) bool { return strings.Contains(err.Error(), words) })
}
