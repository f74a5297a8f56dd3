package key

import "strings"

// Plain returns the form in which identifiers and URLs are compared. What the
// standards call the same compares equal: the case of a scheme and a host,
// the default port, an empty path, the case of percent-encoding in did:web.
// Nothing else does: paths keep their case, and nothing is unescaped.
//
// Source: RFC 3986, section 6.2.2; did:web Method Specification, section 3.
func Plain(id string) string {
	id = strings.TrimSpace(id)
	if rest, ok := strings.CutPrefix(id, "did:web:"); ok {
		end := strings.IndexAny(rest, ":/?#")
		if end < 0 {
			end = len(rest)
		}
		if lower := strings.ToLower(rest[:end]); lower != rest[:end] {
			return "did:web:" + lower + rest[end:]
		}
		return id
	}
	scheme, rest, ok := strings.Cut(id, "://")
	if !ok {
		return id
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	scheme, host, rest := strings.ToLower(scheme), strings.ToLower(rest[:end]), rest[end:]
	if len(rest) > 0 && rest[0] == '/' && strings.HasPrefix(id, scheme+"://"+host+"/") && !strings.HasSuffix(host, defaultPorts[scheme]) {
		return id
	}
	if port, ok := defaultPorts[scheme]; ok {
		host = strings.TrimSuffix(host, port)
		if rest == "" || rest[0] != '/' {
			rest = "/" + rest
		}
	}
	return scheme + "://" + host + rest
}

var defaultPorts = map[string]string{"https": ":443", "http": ":80"}
