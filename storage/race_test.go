//go:build race

package storage

// raceDetector reports whether these tests are built with the race detector.
const raceDetector = true
