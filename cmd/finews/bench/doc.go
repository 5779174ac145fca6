// Package bench measures finews from end to end, beside the naive chain that anyone would write: gofeed.Parse,
// bluemonday's UGCPolicy, one upsert per entry in one transaction per feed, gorilla's WriteRss. It holds tests and
// benchmarks alone.
//
// In goes nothing: the upstreams are generated, the same ones from the same seed, and served on loopback by a
// process of its own, so that serving is not measured. Out come, for each chain, the CPU time and the wall time per
// feed. A figure means little by itself on a shared machine; the ratio of the two chains, which run one after the
// other in one command, is what counts:
//
//	go test -run '^$' -bench Cold -benchtime 1x -count 6 ./cmd/finews/bench
//
// A plain go test of this package times nothing: it holds the generator to what the figures rest on.
package bench
