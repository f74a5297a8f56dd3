package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"badgekiosk/provision/issue/sample"
)

// TestVerifyOpensNoSocket judges every sample under strace: with the trust
// they were made for, with a folder that knows nobody, and with none.
func TestVerifyOpensNoSocket(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("SKIP: no strace here, so it was not proved that kiosk verify opens no socket")
	}
	dir := t.TempDir()
	trust, badges, err := sample.New(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	full, empty := filepath.Join(dir, "full"), filepath.Join(dir, "empty")
	if err := os.CopyFS(full, trust); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(empty, 0o755); err != nil {
		t.Fatal(err)
	}
	badges = append(badges, sample.Badge{Name: "link", Payload: []byte("https://badges.example/1")})
	var files []string
	for _, b := range badges {
		file := filepath.Join(dir, b.Name)
		if err := os.WriteFile(file, b.Payload, 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	for name, flags := range map[string][]string{
		"known issuers": {"--trust", full},
		"nobody known":  {"--trust", empty},
		"no trust":      {"--state", filepath.Join(dir, "none")},
	} {
		trace := filepath.Join(dir, "trace")
		args := append([]string{"-f", "-qq", "-e", "trace=network,execve", "-o", trace, "kiosk", "verify", "--json"}, flags...)
		out, err := exec.Command(strace, append(args, files...)...).Output()
		if code := err.(*exec.ExitError).ExitCode(); code != int(exitSome) {
			t.Errorf("%s: exit %d, want %d:\n%s", name, code, exitSome, out)
		}
		if n := len(regexp.MustCompile(`(?m)^\{"file"`).FindAll(out, -1)); n != len(files) {
			t.Errorf("%s: %d lines for %d files", name, n, len(files))
		}
		calls, err := os.ReadFile(trace)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(regexp.MustCompile(`execve\(`).FindAll(calls, -1)); n != 1 {
			t.Errorf("%s: strace saw %d programs start, want kiosk alone:\n%s", name, n, calls)
		}
		if call := regexp.MustCompile(`(?m)^\d+ +(socket|connect|sendto|bind)\w*\(.*`).Find(calls); call != nil {
			t.Errorf("%s: %s", name, call)
		}
	}
}

// TestStraceSeesSockets holds that the proof above can fail: kiosk demo does
// open one.
func TestStraceSeesSockets(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("SKIP: no strace here, so it was not tried whether strace sees sockets")
	}
	trace := filepath.Join(t.TempDir(), "trace")
	cmd := exec.CommandContext(t.Context(), strace, "-f", "-qq", "-e", "trace=network", "-o", trace, "kiosk", "demo", "--no-open", "--port", "0")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // strace itself heeds no interrupt
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out.Read(make([]byte, 1)) // it listens
	syscall.Kill(-cmd.Process.Pid, syscall.SIGINT)
	if err := cmd.Wait(); err != nil {
		t.Errorf("kiosk demo, interrupted: %v, want exit 0", err)
	}
	if calls, err := os.ReadFile(trace); err != nil || !regexp.MustCompile(`socket\(AF_INET,`).Match(calls) {
		t.Errorf("strace saw no socket of kiosk demo: %v\n%s", err, calls)
	}
}
