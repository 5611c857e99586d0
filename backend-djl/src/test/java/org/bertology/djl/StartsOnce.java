package org.bertology.djl;

import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendException;

/** A program that opens the backend on the device that its argument names, and says how it went. */
final class StartsOnce {
  private StartsOnce() {}

  public static void main(String[] arguments) {
    BackendConfig config = BackendConfig.defaults().withDevice(arguments[0]);
    try (Backend backend = new DjlBackendFactory().create(config)) {
      System.out.println(backend.version() + " on " + backend.devices());
    } catch (BackendException e) {
      System.out.println(e.getMessage());
    }
  }
}
