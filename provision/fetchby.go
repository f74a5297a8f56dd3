package provision

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"time"

	"badgekiosk/provision/bundle"
	"badgekiosk/provision/stick"
	"badgekiosk/verify/reason"
)

// A wish goes to the process that has the network, and the bundle comes back,
// each as one line of JSON and then the bytes that it counts.
const maxHead = 64 << 10 // bytes of that line

type wishHead struct {
	URL, ETag, Proxy string
	At               time.Time
	Root, Have       int
}

type fetchedHead struct {
	ETag    string
	Code    reason.Code // B-SAME when nothing changed; "" without an error, or with one of the network
	Says    string
	Failed  bool
	Nowhere bool // it is ErrNoNetwork
	Zipped  int
}

// ErrNoNetwork says that there is no network to ask by: no cable is in, or
// nobody gives an address. It is no fault of a kiosk's.
var ErrNoNetwork = errors.New("there is no network")

// A Connect makes a way to a host, once it is known that one is wanted. The
// error is [ErrNoNetwork] if there can be none now.
type Connect func(context.Context) (Dial, error)

func writeFrame(w io.Writer, head any, blobs ...[]byte) error {
	line, err := json.Marshal(head)
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	for _, b := range blobs {
		if err == nil && len(b) > 0 {
			_, err = w.Write(b)
		}
	}
	return err
}

func readHead(in *bufio.Reader, head any) error {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return err
	}
	return json.Unmarshal(line, head)
}

// readBlob reads n bytes as they come, so that a length that is a lie takes no
// memory.
func readBlob(in io.Reader, n, most int) ([]byte, error) {
	if n < 0 || n > most {
		return nil, errors.New("a length over the limit")
	}
	var b bytes.Buffer
	_, err := io.CopyN(&b, in, int64(n))
	return b.Bytes(), err
}

// Serve answers one wish: it reads it from in, fetches over the system's
// network, and writes the answer to out. It is all that the process with the
// network does; it holds no file of the kiosk's.
func Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	return Connect(nil).Serve(ctx, in, out)
}

// Serve is [Serve] over a network that is there once connect has made it.
func (connect Connect) Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	w, err := readWish(in)
	if err != nil {
		return err
	}
	f, err := w.answer(ctx, connect)
	head := fetchedHead{ETag: f.ETag, Zipped: len(f.Zipped)}
	if err != nil {
		head.Failed, head.Says, head.Code = true, err.Error(), reason.CodeOf(err, "")
		head.Nowhere = errors.Is(err, ErrNoNetwork)
		head.Says = head.Says[:min(len(head.Says), maxChildSays)]
	}
	return writeFrame(out, head, f.Zipped)
}

func (w Wish) answer(ctx context.Context, connect Connect) (f Fetched, err error) {
	var dial Dial
	if connect != nil {
		if dial, err = connect(ctx); err != nil {
			return f, err
		}
	}
	client, err := w.Client(nil, dial)
	if err != nil {
		return f, err
	}
	return w.Fetch(ctx, client)
}

func readWish(r io.Reader) (w Wish, err error) {
	in := bufio.NewReaderSize(r, maxHead)
	var head wishHead
	if err := readHead(in, &head); err != nil {
		return w, err
	}
	w = Wish{URL: head.URL, ETag: head.ETag, Proxy: head.Proxy, At: head.At}
	if w.Root, err = readBlob(in, head.Root, stick.MaxRoot); err == nil && head.Have > 0 {
		w.Have, err = readBlob(in, head.Have, MaxZip)
	}
	return w, err
}

// MaxZip is the most bytes of a bundle's file, however it comes.
const MaxZip = bundle.MaxTotal

// FetchBy fetches with a program that is started for each wish and answers as
// [Serve] does. It is killed when ctx ends.
func FetchBy(program string, args ...string) func(context.Context, Wish) (Fetched, error) {
	return func(ctx context.Context, w Wish) (Fetched, error) {
		ctx, stop := context.WithTimeout(ctx, allTimeout+time.Minute)
		defer stop()
		cmd := exec.CommandContext(ctx, program, args...)
		cmd.Env = environment("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR")
		cmd.WaitDelay = childPatience
		said := &limited{left: maxChildSays}
		cmd.Stderr = said
		var wish bytes.Buffer
		if err := w.write(&wish); err != nil {
			return Fetched{}, err
		}
		cmd.Stdin = &wish
		out, err := cmd.StdoutPipe()
		if err != nil {
			return Fetched{}, err
		}
		if err := cmd.Start(); err != nil {
			return Fetched{}, err
		}
		f, err := readFetched(out)
		stop()
		says := ended(cmd, said)
		if says != "" && err != nil {
			err = errors.Join(err, errors.New(says))
		}
		return f, err
	}
}

func (w Wish) write(to io.Writer) error {
	head := wishHead{URL: w.URL, ETag: w.ETag, Proxy: w.Proxy, At: w.At, Root: len(w.Root), Have: len(w.Have)}
	return writeFrame(to, head, w.Root, w.Have)
}

// FetchAt fetches with whoever listens at a Unix socket and answers one wish
// to a connection, as [Serve] does. An answer counts, even if he did not read
// the wish to its end.
func FetchAt(socket string) func(context.Context, Wish) (Fetched, error) {
	return func(ctx context.Context, w Wish) (Fetched, error) {
		ctx, stop := context.WithTimeout(ctx, allTimeout+time.Minute)
		defer stop()
		c, err := (&net.Dialer{}).DialContext(ctx, "unix", socket)
		if err != nil {
			return Fetched{}, err
		}
		defer c.Close() //nolint:errcheck // it has answered, or will not
		defer context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })()
		unread := w.write(c)
		f, err := readFetched(c)
		if errors.Is(err, errNoAnswer) {
			err = errors.Join(err, unread)
		}
		return f, err
	}
}

// environment is the part of this process's that has one of the names.
func environment(names ...string) []string {
	out := []string{}
	for _, n := range names {
		if v, ok := os.LookupEnv(n); ok {
			out = append(out, n+"="+v)
		}
	}
	return out
}

var errNoAnswer = errors.New("the process with the network gave no answer")

// readFetched reads the answer. It trusts it with nothing.
func readFetched(r io.Reader) (f Fetched, err error) {
	in := bufio.NewReaderSize(r, maxHead)
	var head fetchedHead
	if err := readHead(in, &head); err != nil {
		return f, errors.Join(errNoAnswer, err)
	}
	f.ETag = head.ETag
	switch _, known := reason.Of(head.Code); {
	case head.Code == reason.BSame:
		return f, ErrInstalled
	case head.Nowhere:
		return f, ErrNoNetwork
	case head.Failed && known:
		return f, reason.Errorf(head.Code, "%s", head.Says)
	case head.Failed:
		return f, errors.New(head.Says)
	case head.Zipped == 0:
		return f, errors.New("the process with the network gave no bundle and no reason")
	}
	f.Zipped, err = readBlob(in, head.Zipped, MaxZip)
	return f, err
}
