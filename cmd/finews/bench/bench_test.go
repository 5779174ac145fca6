//go:build unix

package bench

import (
	"syscall"
	"testing"
	"time"
)

// cpu returns the CPU time, user and system, of this process and of those children that have ended. The server of the
// sources has not ended while anything is measured, so that its time is not in it.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var total time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var usage syscall.Rusage
		if err := syscall.Getrusage(who, &usage); err != nil {
			b.Fatal(err)
		}
		total += time.Duration(usage.Utime.Nano()) + time.Duration(usage.Stime.Nano())
	}
	return total
}

// measure runs do with a new folder each time and reports CPU and wall time per feed, in milliseconds. check, which is
// not in the figures, looks at the folder afterwards.
func measure(b *testing.B, sources int, do func(dir string) error, check func(dir string)) {
	b.Helper()
	var spent, waited time.Duration
	for b.Loop() {
		dir := b.TempDir()
		before, begun := cpu(b), time.Now()
		if err := do(dir); err != nil {
			b.Fatal(err)
		}
		spent += cpu(b) - before
		waited += time.Since(begun)
		b.StopTimer()
		check(dir)
		b.StartTimer()
	}
	all := float64(b.N * sources)
	b.ReportMetric(spent.Seconds()*1000/all, "cpu-ms/feed")
	b.ReportMetric(waited.Seconds()*1000/all, "wall-ms/feed")
}

// BenchmarkCold: everything is new. The naive chain and finews read the same bytes from the same server.
func BenchmarkCold(b *testing.B) {
	addresses := startServer(b, corpusSize)
	binary := buildFinews(b)
	b.Run("naive", func(b *testing.B) {
		measure(b, len(addresses), func(dir string) error {
			chain, err := newNaive(b.Context(), dir)
			if err != nil {
				return err
			}
			defer chain.close()
			if err := chain.run(b.Context(), addresses); err != nil {
				return err
			}
			if len(chain.faults) > 0 {
				b.Logf("gofeed could not read %d of %d feeds; the first: %v", len(chain.faults), len(addresses), chain.faults[0])
			}
			return nil
		}, func(string) {})
	})
	b.Run("finews", func(b *testing.B) {
		measure(b, len(addresses), func(dir string) error {
			return finewsCold(b.Context(), binary, dir, addresses)
		}, func(dir string) { checkFeeds(b, dir, len(addresses)) })
	})
}
