package io.sluice.engine.connector;

/** A catalog that can keep feature services. */
public interface SupportsFeatureServices {
  FeatureServiceStore featureServices();
}
