package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// A chromium is a headless browser with one page, driven over the DevTools
// protocol (https://chromedevtools.github.io/devtools-protocol/) through a
// pipe, so that no port is opened for it.
type chromium struct {
	t       *testing.T
	to      io.Writer
	from    *bufio.Reader
	session string
	last    atomic.Int64
}

// browse starts the browser with further flags. Where there is none, the
// test is skipped.
func browse(t *testing.T, flags ...string) *chromium {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if path, err = exec.LookPath("google-chrome"); err != nil {
			t.Skip("SKIP: no chromium here, so the demo's page was not tried in a browser")
		}
	}
	theirs, ours, err := pipes()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "kiosk-chromium")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--remote-debugging-pipe", "--user-data-dir=" + profile, "--window-size=1400,1000",
	}, flags...)...)
	cmd.ExtraFiles = theirs                               // descriptors 3, which it reads, and 4, which it writes
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // to end its children with it
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for _, f := range theirs {
		f.Close()
	}
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		cmd.Wait()
		for _, f := range ours {
			f.Close()
		}
		for range 20 { // its children end a little later
			if os.RemoveAll(profile) == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	})
	c := &chromium{t: t, to: ours[0], from: bufio.NewReader(ours[1])}
	target := c.do("Target.createTarget", map[string]any{"url": "about:blank"})
	attached := c.do("Target.attachToTarget", map[string]any{"targetId": target["targetId"], "flatten": true})
	c.session = attached["sessionId"].(string)
	return c
}

// pipes are two pipes: the browser's ends and ours.
func pipes() (theirs, ours []*os.File, err error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	answers, answer, err := os.Pipe()
	return []*os.File{read, answer}, []*os.File{write, answers}, err
}

// do sends one command and waits for its result.
func (c *chromium) do(method string, params map[string]any) map[string]any {
	c.t.Helper()
	id := c.last.Add(1)
	message := map[string]any{"id": id, "method": method, "params": params}
	if c.session != "" {
		message["sessionId"] = c.session
	}
	text, err := json.Marshal(message)
	if err == nil {
		_, err = c.to.Write(append(text, 0))
	}
	if err != nil {
		c.t.Fatalf("chromium: %s: %v", method, err)
	}
	for {
		text, err := c.from.ReadBytes(0)
		if err != nil {
			c.t.Fatalf("chromium: %s: %v", method, err)
		}
		var answer struct {
			ID     int64
			Result map[string]any
			Error  struct{ Message string }
		}
		if err := json.Unmarshal(text[:len(text)-1], &answer); err != nil {
			c.t.Fatalf("chromium: %s: %v", method, err)
		}
		if answer.ID != id {
			continue // an event
		}
		if answer.Error.Message != "" {
			c.t.Fatalf("chromium: %s: %s", method, answer.Error.Message)
		}
		return answer.Result
	}
}

// open loads a page.
func (c *chromium) open(url string) {
	c.t.Helper()
	c.do("Page.navigate", map[string]any{"url": url})
	c.until(`document.readyState === "complete" && location.href.startsWith("http")`, 20*time.Second)
}

// eval is the value of a JavaScript expression on the page.
func (c *chromium) eval(expression string) any {
	c.t.Helper()
	answer := c.do("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true, "userGesture": true})
	if fault, ok := answer["exceptionDetails"]; ok {
		c.t.Fatalf("chromium: %s: %v", expression, fault)
	}
	return answer["result"].(map[string]any)["value"]
}

// until waits for an expression to hold.
func (c *chromium) until(expression string, limit time.Duration) {
	c.t.Helper()
	for end := time.Now().Add(limit); c.eval(expression) != true; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			c.t.Fatalf("after %v this does not hold: %s\nthe page says: %v", limit, expression, c.eval("document.body.innerText"))
		}
	}
}

// text is an expression's value as a text.
func (c *chromium) text(expression string) string {
	c.t.Helper()
	s, ok := c.eval(expression).(string)
	if !ok {
		c.t.Fatalf("chromium: %s is no text", expression)
	}
	return s
}
