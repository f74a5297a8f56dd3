package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"badgekiosk/provision/issue/sample"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets tests run this program as the command kiosk.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kiosk": main})
}

// TestScript plays the sessions in testdata/script as a person at a terminal
// would. In each, samples/ holds the sample badges and trust/ whom to believe,
// systems/ images of slots.
func TestScript(t *testing.T) {
	trust, badges, err := sample.New(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	systems := t.TempDir()
	for _, number := range []int64{0, 7, 8} {
		slotFile(t, systems, number)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			if err := os.CopyFS(filepath.Join(env.WorkDir, "trust"), trust); err != nil {
				return err
			}
			if err := os.CopyFS(filepath.Join(env.WorkDir, "systems"), os.DirFS(systems)); err != nil {
				return err
			}
			dir := filepath.Join(env.WorkDir, "samples")
			if err := os.Mkdir(dir, 0o755); err != nil {
				return err
			}
			for _, b := range badges {
				if err := os.WriteFile(filepath.Join(dir, b.Name), b.Payload, 0o644); err != nil {
					return err
				}
			}
			return nil
		},
	})
}
