package fetch

import "time"

// countdown ends a request when its time is over. Its time stands still while it is stopped, which a deadline of a
// context cannot. One goroutine starts and stops it, in turn.
type countdown struct {
	all   time.Duration // of it, for sentences
	left  time.Duration
	end   func()
	timer *time.Timer
	since time.Time
}

func (c *countdown) start() {
	c.since = time.Now()
	c.timer = time.AfterFunc(c.left, c.end)
}

func (c *countdown) stop() {
	c.timer.Stop()
	c.left -= time.Since(c.since)
}
