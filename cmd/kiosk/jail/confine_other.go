//go:build !linux || !(amd64 || arm64 || arm)

package jail

// confine has no walls to build on this system.
func confine() []Layer {
	return []Layer{{Name: "sandbox", Fault: "there is none on this system"}}
}

// Apart builds none either.
func Apart() []Layer { return confine() }
