package main

import (
	"os"
	"sync"

	"github.com/cloudnativelabs/kube-router/v2/pkg/controllers/netpol"
	"github.com/cloudnativelabs/kube-router/v2/pkg/healthcheck"
	"github.com/cloudnativelabs/kube-router/v2/pkg/options"
	"github.com/spf13/pflag"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

// enforcePolicies is the part of kube-router that turns NetworkPolicies into iptables rules; the rest of it is not wanted here.
func enforcePolicies() {
	config := options.NewKubeRouterConfig()
	flags := pflag.NewFlagSet("policies", pflag.ExitOnError)
	config.AddFlags(flags)
	check(flags.Parse(os.Args[1:]))
	connection, err := clientcmd.BuildConfigFromFlags("", config.Kubeconfig)
	check(err)
	client, err := kubernetes.NewForConfig(connection)
	check(err)

	forever := make(chan struct{})
	watched := informers.NewSharedInformerFactory(client, 0)
	pods := watched.Core().V1().Pods().Informer()
	namespaces := watched.Core().V1().Namespaces().Informer()
	policies := watched.Networking().V1().NetworkPolicies().Informer()
	watched.Start(forever)
	watched.WaitForCacheSync(forever)

	tables, sets, err := netpol.NewIPTablesHandlers(config)
	check(err)
	var sharedWithRouting sync.Mutex
	controller, err := netpol.NewNetworkPolicyController(client, config, pods, policies, namespaces, &sharedWithRouting, tables, sets)
	check(err)
	pods.AddEventHandler(controller.PodEventHandler)
	namespaces.AddEventHandler(controller.NamespaceEventHandler)
	policies.AddEventHandler(controller.NetworkPolicyEventHandler)

	heartbeats := make(chan *healthcheck.ControllerHeartbeat, 10)
	go func() {
		for range heartbeats {
		}
	}()
	var done sync.WaitGroup
	done.Add(1)
	controller.Run(heartbeats, forever, &done)
}

func check(err error) {
	if err != nil {
		end(err)
	}
}
