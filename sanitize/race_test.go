//go:build race

package sanitize

// thorough divides how much of a long test without anything at the same time is run with the race detector, which makes it
// ten times as slow: .ci/run runs all of it without.
const thorough = 5
