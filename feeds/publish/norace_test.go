//go:build !race

package publish

const thorough = 1
