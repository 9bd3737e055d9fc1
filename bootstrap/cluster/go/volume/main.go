// Command volume makes and removes the folders of local volumes: the local-path provisioner runs it on the node with
// `-p <folder> -s <bytes> -m <volume mode> -a create|delete`.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	folder := flag.String("p", "", "folder of the volume")
	action := flag.String("a", "", "create or delete")
	mode := flag.String("m", "Filesystem", "volume mode")
	flag.Int64("s", 0, "size in bytes; not enforced")
	flag.Parse()
	if err := act(*action, *folder, *mode); err != nil {
		fmt.Fprintln(os.Stderr, "volume:", err)
		os.Exit(1)
	}
}

func act(action, folder, mode string) error {
	if !filepath.IsAbs(folder) || filepath.Dir(folder) == "/" {
		return fmt.Errorf("-p %q: give the absolute path of a folder below the volumes' folder", folder)
	}
	if mode != "Filesystem" {
		return fmt.Errorf("-m %q: only Filesystem volumes can be kept in a folder", mode)
	}
	switch action {
	case "create":
		if err := os.MkdirAll(folder, 0o777); err != nil {
			return err
		}
		// Any user of a pod may write: what keeps others out is the folder above, which only root may enter.
		return os.Chmod(folder, 0o777)
	case "delete":
		return os.RemoveAll(folder)
	}
	return fmt.Errorf("-a %q: create or delete", action)
}
