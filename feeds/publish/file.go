package publish

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
)

// gzipExtension ends the name of the compressed file beside a file.
const gzipExtension = ".gz"

// compressed reports whether a file gets a .gz beside it: what is polled (feeds, JSON) and what partner pages
// load (embeds).
func compressed(name string) bool {
	switch path.Ext(name) {
	case ".xml", ".atom", ".json":
		return true
	}
	return strings.HasPrefix(name, "embed/") || name == "embed.js"
}

// open opens a published file. Where there is none the file is nil, and so is the error.
func open(root *os.Root, name string) (*os.File, fs.FileInfo, error) {
	file, err := root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, info, nil
}

// holds reports whether a file is there and holds just that content.
func holds(root *os.Root, name string, content []byte) (bool, error) {
	file, info, err := open(root, name)
	if file == nil {
		return false, err
	}
	defer file.Close()
	if !info.Mode().IsRegular() || info.Size() != int64(len(content)) {
		return false, nil
	}
	old, err := io.ReadAll(io.LimitReader(file, info.Size()))
	return bytes.Equal(old, content), err
}

// zipper compresses one content after the other with the same memory.
type zipper struct {
	writer *gzip.Writer
	zipped bytes.Buffer
}

// zip returns content compressed, the same bytes for the same content. They are good until the next call.
func (z *zipper) zip(content []byte) ([]byte, error) {
	z.zipped.Reset()
	if z.writer == nil {
		z.writer = gzip.NewWriter(&z.zipped)
	} else {
		z.writer.Reset(&z.zipped)
	}
	z.writer.ModTime = time.Unix(0, 0) // means none (RFC 1952 section 2.3.1); the zero Time would be written as one in 2042
	_, err := z.writer.Write(content)
	err = errors.Join(err, z.writer.Close())
	return z.zipped.Bytes(), err
}

// gzipTrailer is the length of the CRC-32 and the size that end a gzip file (RFC 1952 section 2.3.1).
const gzipTrailer = 8

// gzipOf reports whether a compressed file is there and was made of that content, by its trailer.
func gzipOf(root *os.Root, name string, content []byte) (bool, error) {
	file, info, err := open(root, name)
	if file == nil {
		return false, err
	}
	defer file.Close()
	if !info.Mode().IsRegular() || info.Size() < gzipTrailer {
		return false, nil
	}
	var trailer [gzipTrailer]byte
	if _, err := file.ReadAt(trailer[:], info.Size()-gzipTrailer); err != nil {
		return false, err
	}
	sum, size := binary.LittleEndian.Uint32(trailer[:4]), binary.LittleEndian.Uint32(trailer[4:])
	return sum == crc32.ChecksumIEEE(content) && size == uint32(len(content)), nil
}
