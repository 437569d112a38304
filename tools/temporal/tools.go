//go:build tools

// Package temporal pins the one program that is built here: Temporal's own
// command, which carries its development server. It is never compiled itself;
// the import keeps `go mod tidy` from dropping the requirement.
package temporal

import _ "github.com/temporalio/cli/cmd/temporal"
