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

func (h *hosts) leftAlone(host string, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	until := h.until[host]
	return now.Before(until) && until.Sub(now) <= longestInterval
}

func (h *hosts) leftUntil(host string) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.until[host]
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
