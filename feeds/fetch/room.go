package fetch

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

const (
	// freeBytes of a body are read without asking for room: most feeds are no longer, and as many of them as there are
	// workers take no more than a single long one.
	freeBytes = 256 << 10

	// defaultInFlight is room for three bodies of the default limit.
	defaultInFlight = 24 << 20
)

// room bounds the bytes of long bodies that are held at one time. Shares are given in the order in which they are asked
// for, so a long body is never passed by for ever.
type room struct {
	size   int64
	shares *semaphore.Weighted
}

func newRoom(size int64) *room {
	if size <= 0 {
		size = defaultInFlight
	}
	return &room{size: size, shares: semaphore.NewWeighted(size)}
}

// share is what a body of at most limit bytes is counted as: one that may be longer than the whole room has it alone.
func (r *room) share(limit int64) int64 { return min(limit, r.size) }

// enter waits for a share as long as ctx allows. The share is given back by leave; a second call of it does nothing.
func (r *room) enter(ctx context.Context, limit int64) (leave func(), err error) {
	share := r.share(limit)
	if err := r.shares.Acquire(ctx, share); err != nil {
		return nil, err
	}
	return sync.OnceFunc(func() { r.shares.Release(share) }), nil
}
