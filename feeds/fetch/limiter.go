package fetch

import (
	"context"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// manyHosts is the number of hosts from which on those that need not be remembered are forgotten: redirects
// could name any number of them.
const manyHosts = 1024

// limiter gives each host one request at a time, and one per interval, counted from start to start.
type limiter struct {
	interval time.Duration

	mu    sync.Mutex
	hosts map[string]*turn
}

// turn is the queue at one host.
type turn struct {
	busy  chan struct{} // holds one value while a request is under way
	pace  *rate.Limiter
	users int // requests under way or waiting; guarded by limiter.mu
}

func newLimiter(interval time.Duration) *limiter {
	return &limiter{interval: interval, hosts: map[string]*turn{}}
}

// enter waits until a request to host may start. The caller calls leave when the answer is read.
func (l *limiter) enter(ctx context.Context, host string) (leave func(), err error) {
	t := l.join(strings.ToLower(host))
	select {
	case t.busy <- struct{}{}:
	case <-ctx.Done():
		l.quit(t)
		return nil, ctx.Err()
	}
	leave = func() { <-t.busy; l.quit(t) }
	if err := t.pace.Wait(ctx); err != nil {
		leave()
		return nil, err
	}
	return leave, nil
}

func (l *limiter) join(host string) *turn {
	l.mu.Lock()
	defer l.mu.Unlock()
	t, known := l.hosts[host]
	if !known {
		l.forget()
		t = &turn{busy: make(chan struct{}, 1), pace: rate.NewLimiter(rate.Every(l.interval), 1)}
		l.hosts[host] = t
	}
	t.users++
	return t
}

func (l *limiter) quit(t *turn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t.users--
}

// forget drops the hosts that no one uses and that have nothing to wait for, once there are many: to know
// them or not makes no difference.
func (l *limiter) forget() {
	if len(l.hosts) < manyHosts {
		return
	}
	for host, t := range l.hosts {
		if t.users == 0 && t.pace.Tokens() >= 1 {
			delete(l.hosts, host)
		}
	}
}
