// Command chart is `helm template`, and the part of `helm install` and `helm upgrade` that needs no cluster, made of Helm's own packages,
// for machines without Helm:
//
//	chart template|install|upgrade NAME CHART [--namespace=NAME] [--kube-version=1.29.0] [--values=FILE]... [--set=KEY=VALUE,...]...
//
// It loads and checks the chart, merges the values, and prints the objects as YAML, hooks included.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"sort"
	"strings"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/strvals"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) < 4 || !strings.Contains(" template install upgrade ", " "+os.Args[1]+" ") {
		log.Fatal("usage: chart template|install|upgrade NAME CHART [flags]")
	}
	command, name, folder := os.Args[1], os.Args[2], os.Args[3]
	given := chartutil.Values{}
	var settings []string
	flags := flag.NewFlagSet("chart", flag.ExitOnError)
	namespace := flags.String("namespace", "default", "")
	kubernetes := flags.String("kube-version", "1.29.0", "")
	flags.Func("values", "a file; later ones win", func(path string) error {
		values, err := chartutil.ReadValuesFile(path)
		given = chartutil.CoalesceTables(values, given)
		return err
	})
	flags.Func("set", "values; they win over files", func(text string) error {
		settings = append(settings, text)
		return nil
	})
	check(flags.Parse(os.Args[4:]))
	for _, text := range settings {
		check(strvals.ParseInto(text, given))
	}

	chart, err := loader.Load(folder)
	check(err)
	version, err := chartutil.ParseKubeVersion(*kubernetes)
	check(err)
	if !chartutil.IsCompatibleRange(chart.Metadata.KubeVersion, version.Version) {
		log.Fatalf("the chart is for Kubernetes %s, and this is %s", chart.Metadata.KubeVersion, version)
	}
	capabilities := chartutil.DefaultCapabilities.Copy()
	capabilities.KubeVersion = *version
	check(chartutil.ProcessDependencies(chart, given))
	release := chartutil.ReleaseOptions{
		Name: name, Namespace: *namespace, Revision: 1, IsInstall: command != "upgrade", IsUpgrade: command == "upgrade",
	}
	values, err := chartutil.ToRenderValues(chart, given, release, capabilities)
	check(err)
	rendered, err := engine.Render(chart, values)
	check(err)
	var paths []string
	for path := range rendered {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	for _, path := range paths {
		fmt.Printf("---\n# Source: %s\n%s\n", path, rendered[path])
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
