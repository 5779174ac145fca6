package fetch

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Four requests to one host start an interval apart, and a slow one holds back the next; another host does
// not wait. The clock is the bubble's.
func TestTurnsOfAHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hosts := newLimiter(time.Second)
		start := time.Now()
		var mu sync.Mutex
		started := map[string][]time.Duration{}
		ask := func(host, name string, takes time.Duration) {
			leave, err := hosts.enter(t.Context(), host)
			if err != nil {
				t.Error(err)
				return
			}
			defer leave()
			mu.Lock()
			started[name] = append(started[name], time.Since(start))
			mu.Unlock()
			time.Sleep(takes)
		}
		go ask("a.example", "a", 0)
		synctest.Wait()
		go ask("A.example", "a", 5*time.Second)
		synctest.Wait()
		go ask("a.example", "a", 0)
		go ask("b.example", "b", 0)
		time.Sleep(time.Minute)
		mu.Lock()
		defer mu.Unlock()
		want := map[string][]time.Duration{"a": {0, time.Second, 6 * time.Second}, "b": {0}}
		if diff := cmp.Diff(want, started); diff != "" {
			t.Errorf("starts (-want +got):\n%s", diff)
		}
	})
}

func TestNoIntervalStillOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hosts := newLimiter(0)
		leave, err := hosts.enter(t.Context(), "a.example")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := hosts.enter(ctx, "a.example"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a second request at the same time: %v", err)
		}
		leave()
		if leave, err = hosts.enter(t.Context(), "a.example"); err != nil {
			t.Fatal(err)
		}
		leave()
	})
}

func TestHostsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hosts := newLimiter(time.Second)
		for i := range 10 * manyHosts {
			leave, err := hosts.enter(t.Context(), fmt.Sprintf("%d.example", i))
			if err != nil {
				t.Fatal(err)
			}
			leave()
			time.Sleep(10 * time.Millisecond)
		}
		if n := len(hosts.hosts); n > manyHosts {
			t.Errorf("%d hosts are remembered, want at most %d", n, manyHosts)
		}
	})
}
