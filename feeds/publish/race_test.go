//go:build race

package publish

// thorough divides how much of a long test is run with the race detector, which makes it ten times as slow: without it all
// of it is.
const thorough = 5
