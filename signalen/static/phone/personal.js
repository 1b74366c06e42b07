// Stand-in until the check lands.
self.Signalen = Object.assign(self.Signalen || {}, { personal: { load: async () => {}, find: () => [], mount: () => null } });
