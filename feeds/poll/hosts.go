package poll

import (
	"net/url"
	"sync"
	"time"
)

// hosts are those that asked to be left alone, by any source.
type hosts struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// leftUntil returns until when the host is left alone; zero where it is not.
func (h *hosts) leftUntil(host string, now time.Time) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return stillWaiting(h.until[host], now)
}

func (h *hosts) leave(host string, until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.until[host] = latest(h.until[host], until)
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
