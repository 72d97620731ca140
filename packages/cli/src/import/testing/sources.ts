/** Files as people have them, with keys that a test can look for. */
export const litellm = `model_list:
  - model_name: smart
    litellm_params:
      model: openai/gpt-5.5
      api_key: os.environ/OPENAI_API_KEY
      # Our contract.
      rpm: 60
  - model_name: gpt-5.5-mini
    litellm_params: { model: gpt-5.5-mini, api_key: os.environ/OPENAI_API_KEY }
  - model_name: claude
    litellm_params:
      model: anthropic/claude-sonnet-4-5
      api_key: sk-ant-marked
      extra_headers: { anthropic-beta: context-1m-2025-08-07 }
  - model_name: coder
    litellm_params:
      model: openai/Qwen/Qwen3-Coder
      api_base: http://10.0.0.5:8000/v1
  - model_name: smart
    litellm_params:
      model: ollama_chat/llama3.3
      api_base: http://10.0.0.6:11434
  - model_name: groq/*
    litellm_params:
      model: groq/*
      api_key: os.environ/GROQ_API_KEY
  - model_name: azure-gpt
    litellm_params:
      model: azure/my-deployment
      api_base: https://example.openai.azure.com
      api_key: os.environ/AZURE_API_KEY
      api_version: 2025-01-01


litellm_settings:
  drop_params: true
  fallbacks: [{ smart: [claude] }]
general_settings:
  master_key: sk-marked
`;

export const claudeCodeRouter = `{
  "APIKEY": "marked",
  "LOG": true,
  "Providers": [
    {
      "name": "openrouter",
      "api_base_url": "https://openrouter.ai/api/v1/chat/completions",
      "api_key": "$OPENROUTER_API_KEY",
      "models": ["google/gemini-2.5-pro", "anthropic/claude-sonnet-4"],
      "transformer": { "use": ["openrouter"] }
    },
    {
      "name": "deepseek",
      "api_base_url": "https://api.deepseek.com/chat/completions",
      "api_key": "sk-marked-deepseek",
      "models": ["deepseek-chat"]
    },
    {
      "name": "ollama",
      "api_base_url": "http://localhost:11434/v1/chat/completions",
      "api_key": "ollama",
      "models": ["qwen2.5-coder:latest"]
    },
    {
      "name": "gemini",
      "api_base_url": "https://generativelanguage.googleapis.com/v1beta/models/",
      "api_key": "marked-gemini",
      "models": ["gemini-2.5-pro"]
    }
  ],
  "Router": {
    "default": "deepseek,deepseek-chat",
    "background": "ollama,qwen2.5-coder:latest",
    "think": "deepseek,deepseek-reasoner",
    "longContext": "openrouter,google/gemini-2.5-pro",
    "longContextThreshold": 60000
  }
}
`;

export const launcherEndpoints = `{
  "default": "OpenCode Zen",
  "endpoints": [
    {
      "name": "OpenCode Zen",
      "backend_type": "openai-compat",
      "base_url": "https://opencode.ai/zen/v1",
      "api_key": "sk-marked-zen",
      "models": ["Qwen/Qwen3-32B", { "id": "deepseek-v4-flash" }],
      "oauth_provider": ""
    },
    {
      "name": "Claude",
      "backend_type": "anthropic",
      "base_url": "https://api.anthropic.com",
      "api_key": "\${ANTHROPIC_API_KEY}",
      "default_model": "claude-sonnet-4-5"
    },
    {
      "name": "broken", "base_url": "not an address"
    }
  ],
  "ai_monitoring": { "enabled": true,
    "provider_url": "https://opencode.ai/zen/v1/chat/completions",
    "model": "Qwen/Qwen3-32B",
    "api_key": "sk-marked-zen",
    "health_check_interval_s": 5
  }
}
`;
