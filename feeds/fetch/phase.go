package fetch

import (
	"context"
	"net/http/httptrace"
	"sync/atomic"
)

// The phases of a request, as a Failure names them.
const (
	phaseAddress  = "address"  // the source's url
	phaseWait     = "wait"     // for its turn at the host
	phaseDNS      = "dns"      // name to addresses
	phaseGuard    = "guard"    // an address that may not be dialled
	phaseConnect  = "connect"  // connection
	phaseTLS      = "tls"      // handshake
	phaseHeader   = "header"   // from the request to the header of the answer
	phaseRedirect = "redirect" // a redirect that is not followed
	phaseHTTP     = "http"     // the status
	phaseBody     = "body"     // reading and unpacking
)

// progress is the phase that a request has come to. net/http itself names no phase when a deadline ends it.
type progress struct{ phase atomic.Value }

func (p *progress) now() string { return p.phase.Load().(string) }

// watchPhase returns a context for one request, and its progress.
func watchPhase(ctx context.Context) (context.Context, *progress) {
	p := &progress{}
	p.phase.Store(phaseConnect)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart:          func(httptrace.DNSStartInfo) { p.phase.Store(phaseDNS) },
		ConnectStart:      func(string, string) { p.phase.Store(phaseConnect) },
		TLSHandshakeStart: func() { p.phase.Store(phaseTLS) },
		GotConn:           func(httptrace.GotConnInfo) { p.phase.Store(phaseHeader) },
	}), p
}
